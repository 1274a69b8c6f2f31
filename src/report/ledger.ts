import type { PastRun } from './outcome.ts';

/** What the cache did for one step on one branch, over many runs. */
export interface LedgerLine {
  /** The branch or tag, as in `PastRun.ref`. */
  readonly ref: string;
  readonly step: string;
  /** How often it was decided: runs that ended before they reached it say nothing of the cache. */
  readonly runs: number;
  /** How often a record stood in for it. */
  readonly hits: number;
  /** `hits / runs`, from 0 to 1. */
  readonly hitRate: number;
  /** What the hits did not have to run and to send, as far as it is known. */
  readonly savedMs: number;
  readonly savedBytes: number;
}

type PastStep = PastRun['steps'][number];

/**
 * Adds up runs into a line for each branch and step: branches in the order in which the runs name them first, and the
 * steps of each likewise. Whatever the order of the runs, the lines say the same.
 */
export function ledgerOf(runs: readonly PastRun[]): readonly LedgerLine[] {
  const branches = Map.groupBy(runs, ({ ref }) => ref);
  return [...branches].flatMap(([ref, ofBranch]) => {
    const decided = ofBranch.flatMap(({ steps }) => steps).filter(({ outcome }) => outcome !== 'not-reached');
    return [...Map.groupBy(decided, ({ name }) => name)].map(([name, found]) => lineOf(ref, name, found));
  });
}

function lineOf(ref: string, step: string, found: readonly PastStep[]): LedgerLine {
  const hits = found.filter(({ outcome }) => outcome === 'reused');
  return {
    ref,
    step,
    runs: found.length,
    hits: hits.length,
    hitRate: hits.length / found.length,
    savedMs: hits.reduce((sum, { savedMs = 0 }) => sum + savedMs, 0),
    savedBytes: hits.reduce((sum, { savedBytes = 0 }) => sum + savedBytes, 0),
  };
}
