import type { Owner } from '../observe/step-record.ts';
import type { ListedPaths } from './carried-paths.ts';
import type { CarriedTraces } from './carried-traces.ts';
import { statFieldsOf } from './stat-text.ts';

/** The carried paths, what became of them, and what is gone (other paths may be among that). */
export interface CarriedFate {
  readonly carried: ListedPaths;
  readonly traces: CarriedTraces;
  readonly deleted: readonly string[];
}

/**
 * Whom most carried paths at or below `folder` belong to in the end: `chown -R` of a checkout is told best by laying the
 * sources with that owner. `undefined` where it is still the one that they were laid for. `folder` without a leading
 * slash, raw bytes as latin1 text.
 */
export function prevailingOwner(
  { carried, traces, deleted }: CarriedFate,
  folder: string,
): Owner | undefined {
  const isBelow = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const laid = traces.owner;
  const counts = new Map<string, number>();
  let told = 0;
  const count = (owner: string): void => {
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
    told++;
  };
  for (const [path, { after }] of traces.moved) if (isBelow(path)) count(statFieldsOf(after).owner);
  for (const [path, owner] of traces.strangers) if (isBelow(path)) count(owner);
  const rested =
    countOf(carried.keys(), isBelow) - told - countOf(deleted, (path) => carried.has(path) && isBelow(path));
  // On a tie the sources stay as they are.
  const [prevailing] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [
    laid,
    (counts.get(laid) ?? 0) + rested,
  ] as const);
  if (prevailing === laid) return undefined;
  const [uid, gid] = prevailing.split(':').map(Number);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function countOf(paths: Iterable<string>, isCounted: (path: string) => boolean): number {
  let count = 0;
  for (const path of paths) if (isCounted(path)) count++;
  return count;
}
