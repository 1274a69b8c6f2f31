import { PreheatError } from '../../kernel/failure.ts';
import { oneLine } from '../../kernel/one-line.ts';
import { pageText } from '../../kernel/page-text.ts';

/** Why an exchange was refused, in the words of who refused it. */
export interface Refusal {
  readonly why: string;
  /** One sentence that starts with a verb. */
  readonly hint: string | undefined;
  /** Whether the same call may succeed a little later. */
  readonly isPassing: boolean;
}

/** The failure of an exchange that was answered, but did not take place; `action` stands behind `cannot`. */
export function refusedExchange(
  action: string,
  { why, hint, isPassing }: Refusal,
  retryAfterMs?: number,
): PreheatError {
  return new PreheatError(`cannot ${action}: ${why}`, {
    phase: 'observe',
    code: isPassing ? 'unreachable' : 'unauthorized',
    retryable: isPassing,
    retryAfterMs,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What was answered, on one line: `AWS STS answered 403 AccessDenied: Not authorized`. */
export function answerText(who: string, status: number, code: string, message: string): string {
  const head = [who, 'answered', status, oneLine(code)].filter((part) => part !== '').join(' ');
  return [head, oneLine(message)].filter((part) => part !== '').join(': ');
}

/** The refusal in an answer that is none of the API's own, such as a gateway's page. */
export function strangerRefusal(who: string, status: number, body: string): Refusal {
  return { why: answerText(who, status, '', pageText(body)), hint: undefined, isPassing: false };
}
