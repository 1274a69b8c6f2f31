import { boundedText } from '../../kernel/bounded-text.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { PreheatError } from '../../kernel/failure.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import { unanswered } from '../../kernel/unanswered.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { retryAfterMs } from '../../kernel/retry-after.ts';
import { readErrorBody } from './error-body.ts';
import { RefusedCall, type NeededScope } from './refusal.ts';
import type { ApiTransport, OutgoingRequest } from './transport.ts';

export interface ApiCall extends OutgoingRequest {
  readonly transport: ApiTransport;
  /** What the call is for, behind `cannot`. */
  readonly action: string;
  readonly scope: NeededScope;
  /** Answers other than successes that are no failure. */
  readonly accept?: readonly number[];
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/** An answer that was accepted. */
export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON; absent where the answer has none, and of an answer that is no success. */
  readonly body: unknown;
}

const LONGEST_ATTEMPT_MS = 7_000;
/** A page of a hundred comments of the longest kind is smaller. */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Calls the API once. Throws a `PreheatError` of phase `report`, free of secrets: a {@link RefusedCall} for an answer
 * that is neither a success nor accepted, one of code `unreachable` where there was none within 7 s. Rejects with the
 * reason of `signal` when that aborts.
 */
export async function callApi(call: ApiCall): Promise<ApiAnswer> {
  const { accept = [], redactor, signal } = call;
  const response = await answerTo(call);
  const { status, ok } = response;
  const text = await boundedText(response, { signal, ...(ok ? { mostBytes: MOST_ANSWER_BYTES } : {}) });
  if (ok) {
    signal.throwIfAborted();
    return { status, body: parseJson(text) };
  }
  if (accept.includes(status)) return { status, body: undefined };
  const body = readErrorBody(text);
  throw new RefusedCall(
    {
      status,
      statusText: redactor.redact(response.statusText),
      message: redactor.redact(body.message),
      requiredScopes: body.requiredScopes.map((scope) => redactor.redact(scope)),
      retryAfterMs: retryAfterMs(response.headers),
    },
    call,
  );
}

async function answerTo({ transport, action, redactor, signal, ...call }: ApiCall): Promise<Response> {
  const { method, url, body } = call;
  try {
    const deadline = withDeadline(signal, LONGEST_ATTEMPT_MS);
    const request = { method, url, ...(body === undefined ? {} : { body }) };
    return await transport.send(request, action, { signal: deadline });
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof PreheatError) throw thrown;
    const hint = transport.unreachableHint;
    throw unanswered(thrown, { action, phase: 'report', hint, longestMs: LONGEST_ATTEMPT_MS, redactor });
  }
}
