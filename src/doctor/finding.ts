import type { Phase } from '../kernel/failure.ts';
import type { Remedy } from '../kernel/remedy.ts';
import type { Tried } from './tried.ts';

/**
 * `good`: nothing to do; `warning`: a build works, but less well than it could; `bad`: a build fails, or a report that was
 * asked for by giving a token.
 */
export type Mark = 'good' | 'warning' | 'bad';

/** What one check came to. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly mark: Mark;
  /** What is so, without a trailing full stop. */
  readonly found: string;
  /** Why it matters to a build, without a trailing full stop. */
  readonly why: string;
  /** What to change: one sentence that starts with a verb. */
  readonly change?: string;
  /** What to paste to change it. */
  readonly remedy?: Remedy;
  /** Which phase fails where the mark is `bad`; decides about the exit code. */
  readonly phase: Phase;
}

/**
 * A finding about what could not be found out: it is bad unless something else is said, and belongs to
 * the phase of the failure itself.
 */
export function failed(
  about: Pick<Finding, 'check' | 'why' | 'phase'>,
  { message, hint, phase = about.phase }: Extract<Tried<unknown>, { readonly kind: 'failed' }>,
  mark: Mark = 'bad',
): Finding {
  return { ...about, mark, found: message, phase, ...(hint === undefined ? {} : { change: hint }) };
}
