import { rawPath } from './source-entries.ts';
import type { StepResult } from './step-result.ts';

/** What of a run says how its sources may be laid. */
export interface LaidRun {
  /** Absolute folder of the checkout. */
  readonly checkoutLocation: string;
  /** Whether the base has files of its own in that folder. */
  readonly isOccupied: boolean;
  readonly patched: StepResult['patched'];
}

/** Of the repository, and of each submodule. */
const PACKS = /^\.git\/(?:modules\/.+\/)?objects\/pack\//;

/**
 * Why the sources above a step's layers have to lie whole in one layer, in words for people; `undefined` where a keyframe
 * and a delta do as well. They differ from the source layer that the tasks had in packs alone, and in what they hide.
 */
export function wholeSourcesFor({ checkoutLocation, isOccupied, patched }: LaidRun): string | undefined {
  if (isOccupied) return 'the base has files of its own in the checkout, which a delta could take away';
  const top = `${rawPath(checkoutLocation)}/`;
  const touchesPacks = patched.some(({ path }) => path.startsWith(top) && PACKS.test(path.slice(top.length)));
  return touchesPacks ? 'the tasks changed packs of git, of which a keyframe has others' : undefined;
}
