import { boundedText } from '../../kernel/bounded-text.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { PreheatError } from '../../kernel/failure.ts';
import { unanswered } from '../../kernel/unanswered.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { retryAfterMs } from '../../kernel/retry-after.ts';
import { readErrorBody } from './error-body.ts';
import { refusedCall, type NeededScope } from './refusal.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly authorization: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, string>>;
  /** What the call is for, behind `cannot`. */
  readonly action: string;
  readonly scope: NeededScope;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

const LONGEST_ATTEMPT_MS = 7_000;

/**
 * Calls the API once and reads the answer only where it is no success. Throws a `PreheatError` of phase `report`, free of
 * secrets: as {@link refusedCall} has it for an answer, one of code `unreachable` where there was none within 7 s. Rejects
 * with the reason of `signal` when that aborts.
 */
export async function callApi(call: ApiCall): Promise<void> {
  const response = await answerTo(call);
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  const body = readErrorBody(await boundedText(response, { signal: call.signal }));
  throw refusedCall(
    {
      status: response.status,
      statusText: call.redactor.redact(response.statusText),
      message: call.redactor.redact(body.message),
      requiredScopes: body.requiredScopes.map((scope) => call.redactor.redact(scope)),
      retryAfterMs: retryAfterMs(response.headers),
    },
    call.action,
    call.scope,
  );
}

async function answerTo(call: ApiCall): Promise<Response> {
  const { method, url, authorization, body, action, redactor, signal } = call;
  if (!/^[\x20-\x7e]+$/.test(authorization)) {
    throw new PreheatError(`cannot ${action}: the token holds characters that no token has`, {
      phase: 'report',
      code: 'unauthorized',
      hint: 'Copy the token again, on one line',
    });
  }
  try {
    return await fetch(url, {
      method,
      headers: {
        authorization,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would turn the POST into a GET; shown as the refusal that it is.
      redirect: 'manual',
      signal: withDeadline(signal, LONGEST_ATTEMPT_MS),
    });
  } catch (thrown) {
    signal.throwIfAborted();
    const hint = 'Check that this step reaches the API of Bitbucket';
    throw unanswered(thrown, { action, phase: 'report', hint, longestMs: LONGEST_ATTEMPT_MS, redactor });
  }
}
