import type { Keyframe, LayingMode } from '../observe/keyframe.ts';
import type { Owner } from '../observe/step-record.ts';

/** A source layer that is to be made, as far as it has to be like the keyframe that it is laid upon. */
export interface WantedSource {
  /** Full object id; its length tells the object format. */
  readonly commit: string;
  readonly location: string;
  /** Absent while nobody knows whom the image's tasks run as. */
  readonly owner?: Owner | undefined;
  readonly historyDepth: number;
  readonly mode: LayingMode;
  /** Why the sources have to lie whole in one layer, if they must: what takes a path of a keyframe away takes more. */
  readonly wholeBecause?: string | undefined;
}

/** A delta upon a keyframe, once it was made. */
export interface TriedDelta {
  /** Bytes of its compressed blob. */
  readonly size: number;
  /** The path of the task layer that keyframe or delta would hide, if any. */
  readonly hidden?: string | undefined;
}

/** A delta may take up to this part of its keyframe. */
const LARGEST_PART = 1 / 4;
/** In bytes; what is smaller is worth no keyframe, whose own manifest costs a registry more than a few bytes spare. */
const ALWAYS_SMALL = 64 * 1024;

/**
 * Why a commit gets a new keyframe instead of a delta, in words for people; `undefined` where a delta upon the given
 * keyframe will do. Asked before a delta is made, it says whether to try; asked with the delta, whether to keep it.
 */
export function keyframeDue(
  keyframe: Keyframe | undefined,
  wanted: WantedSource,
  delta?: TriedDelta,
): string | undefined {
  if (keyframe === undefined) return 'there is no keyframe yet';
  const difference = differenceOf(keyframe, wanted);
  if (difference !== undefined) return `the keyframe has another ${difference}`;
  if (wanted.wholeBecause !== undefined) return wanted.wholeBecause;
  if (delta === undefined) return undefined;
  if (delta.hidden !== undefined) return `a delta would hide /${delta.hidden}, which a task made`;
  return delta.size > largestDelta(keyframe)
    ? 'the delta takes more than a quarter of the keyframe'
    : undefined;
}

/** How many stored bytes a delta upon a keyframe may take. */
export function largestDelta({ layer: { size } }: Keyframe): number {
  return Math.max(Math.floor(size * LARGEST_PART), ALWAYS_SMALL);
}

function differenceOf(keyframe: Keyframe, wanted: WantedSource): string | undefined {
  const { owner, location, historyDepth, checkout } = keyframe;
  if (checkout.commit.length !== wanted.commit.length) return 'object format';
  if (location !== wanted.location) return 'location';
  if (wanted.owner !== undefined && !isSame(owner, wanted.owner)) return 'owner';
  if (historyDepth !== wanted.historyDepth) return 'history depth';
  if (checkout.mode.submodules !== wanted.mode.submodules) return 'submodule mode';
  return checkout.mode.lfs === wanted.mode.lfs ? undefined : 'Git LFS mode';
}

function isSame(owner: Owner, other: Owner): boolean {
  return owner.uid === other.uid && owner.gid === other.gid;
}
