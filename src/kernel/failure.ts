import type { Remedy } from './remedy.ts';

/**
 * The stages of the street in which something can go wrong; each has its own decade of exit codes (`cli/exit-
 * codes.ts`).
 */
export type Phase =
  'usage' | 'event' | 'config' | 'observe' | 'plan' | 'build' | 'assemble' | 'publish' | 'report' | 'start';

/** Why a run ended; finer than the phase where the exit code or the report needs it. */
export type FailureCode =
  | 'usage'
  | 'event'
  | 'config-missing'
  | 'config-invalid'
  | 'not-found'
  | 'unauthorized'
  | 'unreachable'
  | 'corrupt'
  | 'engine'
  | 'task-failed'
  | 'out-of-memory'
  | 'interrupted'
  | 'failed';

export interface FailureOptions {
  readonly phase: Phase;
  readonly code?: FailureCode;
  /** What the reader can do about it: one sentence that starts with a verb. */
  readonly hint?: string;
  /** What to paste where the hint says what to change. */
  readonly remedy?: Remedy;
  /** Whether the same call may succeed when it is repeated unchanged. */
  readonly retryable?: boolean;
  /** The least wait before that, in milliseconds, where the other side asked for one. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type that crosses a stage's border.
 *
 * `message` reads `cannot <do> <what>: <why>`, without a trailing full stop; `hint` is a separate sentence.
 */
export class PreheatError extends Error {
  override readonly name = 'PreheatError';
  readonly phase: Phase;
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly remedy: Remedy | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: FailureOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.phase = options.phase;
    this.code = options.code ?? 'failed';
    this.hint = options.hint;
    this.remedy = options.remedy;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** Whether `thrown` is what an aborted `AbortSignal` makes of a pending call. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError');
}
