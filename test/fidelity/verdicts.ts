import { CASES, type FidelityCase, type Referee } from './cases.ts';
import { differencesOf, type Difference } from './compare-trees.ts';
import { isComparable } from './dump-container.ts';
import type { Witness } from './witness.ts';

export const REFEREES = ['layers', 'docker', 'umoci'] as const satisfies readonly Referee[];

/** What was seen of one case. */
export interface Verdict {
  readonly tried: FidelityCase;
  /** Whether everything that the case has refused is missing everywhere, and the build said so. */
  readonly refused: boolean;
  /** What differs of the rest, by referee. */
  readonly losses: Readonly<Record<Referee, readonly string[]>>;
}

/** Compares what the referees saw with what there was, case by case. */
export function verdictsOf(witness: Witness): readonly Verdict[] {
  return CASES.map((tried) => ({
    tried,
    refused: wereRefused(tried.refused ?? [], witness),
    losses: {
      layers: lossesOf(tried, 'layers', witness),
      docker: lossesOf(tried, 'docker', witness),
      umoci: lossesOf(tried, 'umoci', witness),
    },
  }));
}

/** What differs outside of all cases: nothing should. */
export function otherDifferences(witness: Witness, referee: Referee): readonly Difference[] {
  return differencesOf(
    witness.original,
    witness.seen[referee],
    (path) => isComparable(path) && !CASES.some(({ paths }) => isAtOrBelow(path, paths)),
  );
}

function lossesOf(tried: FidelityCase, referee: Referee, { original, seen }: Witness): readonly string[] {
  const refused = new Set(tried.refused);
  const isCompared = (path: string): boolean => isAtOrBelow(path, tried.paths) && !refused.has(path);
  return [...new Set(differencesOf(original, seen[referee], isCompared).map(({ what }) => what))].toSorted();
}

function wereRefused(paths: readonly string[], { original, seen, log }: Witness): boolean {
  const isGone = (path: string): boolean =>
    original.has(path) && REFEREES.every((referee) => !seen[referee].has(path));
  return paths.every(isGone) && (paths.length === 0 || paths.some((path) => log.includes(`/${path}`)));
}

/** A place that ends with a slash stands for the folder alone. */
function isAtOrBelow(path: string, places: readonly string[]): boolean {
  return places.some((place) => {
    if (place.endsWith('/')) return path === place.slice(0, -1);
    return path === place || path.startsWith(`${place}/`);
  });
}
