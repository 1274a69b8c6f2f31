import type { Owner } from '../observe/step-record.ts';
import type { CarriedTraces } from './carried-traces.ts';
import { statFieldsOf } from './stat-text.ts';

/**
 * Whom most carried paths at or below `folder` belong to in the end: `chown -R` of a checkout is told best by laying the
 * sources with that owner. `undefined` where it is `owner` still. `folder` without a leading slash, raw bytes as latin1
 * text.
 */
export function prevailingOwner(traces: CarriedTraces, folder: string, owner: Owner): Owner | undefined {
  const counts = new Map<string, number>();
  for (const [path, { after }] of traces) {
    if (path !== folder && !path.startsWith(`${folder}/`)) continue;
    const found = statFieldsOf(after).owner;
    counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  const laid = `${owner.uid}:${owner.gid}`;
  // On a tie the sources stay as they are.
  const [prevailing] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [
    laid,
    counts.get(laid) ?? 0,
  ] as const);
  if (prevailing === laid) return undefined;
  const [uid, gid] = prevailing.split(':').map(Number);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
