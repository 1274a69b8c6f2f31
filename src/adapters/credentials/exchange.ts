import { boundedText } from '../../kernel/bounded-text.ts';
import type { Clock } from '../../kernel/clock.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { messageOf, type PreheatError } from '../../kernel/failure.ts';
import { unanswered } from '../../kernel/unanswered.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { retryAfterMs } from '../../kernel/retry-after.ts';
import { HTTP_POLICY, isPassingStatus, repeatable } from '../../kernel/repeat-http.ts';
import { retry } from '../../kernel/retry.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { refusedExchange, type Refusal } from './exchange-refusal.ts';

/** One POST that exchanges a proof of identity for a credential; it may be repeated. */
export interface ExchangeCall<T> {
  /** What it is for, behind `cannot`. */
  readonly action: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Reads the body of a success; `undefined` where it has another form. */
  readonly read: (body: string) => T | undefined;
  /** Reads the body of a refusal. */
  readonly explain: (status: number, body: string) => Refusal;
}

export interface ExchangeTools {
  readonly clock: Clock;
  /** Masks secrets in what is thrown. */
  readonly redactor: Redactor;
  /** Told of each failure that is tried again. */
  readonly warn: (text: string) => void;
}

/** Four of them take less than the five minutes for which a signature holds. */
const LONGEST_ATTEMPT_MS = 10_000;

/**
 * Sends the call, up to four times where the trouble may pass (408, 429, 5xx, no answer within 10 s, an answer that is
 * cut). Throws `PreheatError` (observe) free of secrets: as {@link refusedExchange} has it for an answer, one of code
 * `unreachable` where there was none. Rejects with the reason of `signal` when that aborts.
 */
export async function exchange<T>(
  call: ExchangeCall<T>,
  tools: ExchangeTools,
  { signal }: CallOptions,
): Promise<T> {
  return await retry(() => attempt(call, tools.redactor, signal), {
    policy: HTTP_POLICY,
    clock: tools.clock,
    signal,
    retryable: repeatable,
    onRetry: (thrown, count, delayMs) =>
      tools.warn(`${messageOf(thrown)}; attempt ${count + 1} in ${(delayMs / 1000).toFixed(1)} s`),
  });
}

async function attempt<T>(call: ExchangeCall<T>, redactor: Redactor, signal: AbortSignal): Promise<T> {
  const response = await answerTo(call, redactor, signal);
  const body = await boundedText(response, { signal });
  signal.throwIfAborted();
  if (!response.ok) throw refusalOf(call, response, body, redactor);
  const found = call.read(body);
  if (found !== undefined) return found;
  // Never its text: it may be a secret.
  throw refusedExchange(call.action, {
    why: 'the answer has another form, or was cut',
    hint: undefined,
    isPassing: true,
  });
}

function refusalOf<T>(
  call: ExchangeCall<T>,
  { status, headers }: Response,
  body: string,
  redactor: Redactor,
): PreheatError {
  const { why, hint, isPassing } = call.explain(status, body);
  const refusal = { why: redactor.redact(why), hint, isPassing: isPassing || isPassingStatus(status) };
  return refusedExchange(call.action, refusal, retryAfterMs(headers));
}

async function answerTo<T>(
  { action, url, headers, body }: ExchangeCall<T>,
  redactor: Redactor,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers,
      body,
      // Who answers with a redirect is not the one who was asked; the token goes nowhere else.
      redirect: 'manual',
      signal: withDeadline(signal, LONGEST_ATTEMPT_MS),
    });
  } catch (thrown) {
    signal.throwIfAborted();
    const hint = `Check that this step reaches ${new URL(url).host}.`;
    throw unanswered(thrown, { action, phase: 'observe', hint, longestMs: LONGEST_ATTEMPT_MS, redactor });
  }
}
