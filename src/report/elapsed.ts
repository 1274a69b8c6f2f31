import type { Outcome } from './outcome.ts';

/** How long the run took, in milliseconds; 0 where its times cannot be read or run backwards. */
export function elapsedMs({ startedAt, finishedAt }: Outcome): number {
  const elapsed = Date.parse(finishedAt) - Date.parse(startedAt);
  return elapsed > 0 ? elapsed : 0;
}
