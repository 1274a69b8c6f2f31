import type { CarriedTraces } from './carried-traces.ts';
import type { Changes, PresentChange } from './changes.ts';
import type { ContainerLooks } from './container-looks.ts';
import { plainFolderLook, type Look } from './entry-look.ts';
import { statFieldsOf, type StatFields } from './stat-text.ts';

/** Where looks are read; each is asked once at most, and only for what listings cannot tell. */
export interface LookSources {
  /** As the carried layers have the paths. */
  inLayers(paths: { has(path: string): boolean }): Promise<ReadonlyMap<string, Look>>;
  /** As they lie in the container now. */
  inContainer(paths: readonly string[]): Promise<ContainerLooks>;
}

/**
 * Decides which carried paths differ from what the carried layers have of them, so that only those are patched: an inode
 * or ctime that moved (`chown -R .`, `chmod -R u+rwX .`, `cp -al`) says that something may have changed, never what.
 * Type, mode, owner, mtime, content, link target, extended attributes and ACLs decide; of directories all but the
 * mtime. Paths that are links of one file stay together.
 *
 * The traces also tell of the folders above that no layer describes, which count as if one did.
 *
 * `layers` holds the looks of all carried paths where they are laid with another owner than the tasks found; else what
 * lay there before is what the layers hold. Returns the changes with the carried paths corrected: equal ones are gone,
 * or have no `attributes`; some are there that no change had told of.
 */
export async function settleCarried(
  changes: Changes,
  traces: CarriedTraces,
  layers: ReadonlyMap<string, Look> | undefined,
  sources: LookSources,
): Promise<Changes> {
  const verdicts = judge(traces, layers);
  const unsure = [...verdicts].filter(([, verdict]) => verdict === 'unsure').map(([path]) => path);
  const untold = unsure.filter((path) => layers?.has(path) !== true);
  const expected = new Map([...(layers ?? []), ...(await expectedLooks(untold, traces, sources))]);
  const { looks, linked } = await sources.inContainer(unsure);
  for (const path of unsure) {
    const isEqual = !linked.has(path) && areEqual(looks.get(path), expected.get(path));
    verdicts.set(path, isEqual ? 'same' : 'differs');
  }
  return { ...changes, present: corrected(changes.present, verdicts, traces) };
}

type Verdict = 'same' | 'differs' | 'unsure';

function judge(traces: CarriedTraces, layers: ReadonlyMap<string, Look> | undefined): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const differing = new Set<string>();
  for (const [path, { before, after }] of traces) {
    const old = statFieldsOf(before);
    const now = before === after ? old : statFieldsOf(after);
    const verdict = verdictOf(old, now, layers?.get(path)?.owner ?? old.owner);
    verdicts.set(path, verdict);
    if (verdict === 'differs') differing.add(now.inode);
  }
  for (const [path, verdict] of verdicts) {
    // Links of a file that is patched are patched with it, so that they stay links.
    const isLink = verdict === 'unsure' && differing.has(statFieldsOf(traces.get(path)?.after ?? '').inode);
    if (isLink) verdicts.set(path, 'differs');
  }
  return verdicts;
}

function verdictOf(old: StatFields, now: StatFields, owner: string): Verdict {
  if (now.owner !== owner || now.type !== old.type || now.mode !== old.mode) return 'differs';
  if (old === now) return 'same';
  return now.type !== 'd' && now.mtime !== old.mtime ? 'differs' : 'unsure';
}

/** Reads layers only where a file is among the paths: the directories of carried layers have no attributes. */
async function expectedLooks(
  paths: readonly string[],
  traces: CarriedTraces,
  sources: LookSources,
): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>();
  const leaves = new Set<string>();
  for (const path of paths) {
    const { type, mode, owner } = statFieldsOf(traces.get(path)?.before ?? '');
    if (type === 'd') looks.set(path, plainFolderLook(mode, owner));
    else leaves.add(path);
  }
  if (leaves.size === 0) return looks;
  return new Map([...looks, ...(await sources.inLayers(leaves))]);
}

function areEqual(look: Look | undefined, other: Look | undefined): boolean {
  return look !== undefined && look.owner === other?.owner && look.rest === other.rest;
}

function corrected(
  present: readonly PresentChange[],
  verdicts: ReadonlyMap<string, Verdict>,
  traces: CarriedTraces,
): readonly PresentChange[] {
  const told = new Set(present.map(({ path }) => path));
  const kept = present.flatMap((change): readonly PresentChange[] => {
    const verdict = verdicts.get(change.path);
    if (verdict === undefined) return [change];
    if (change.kind === 'leaf') return verdict === 'same' ? [] : [change];
    return [{ ...change, attributes: verdict === 'differs' }];
  });
  const untold = [...traces].filter(
    ([path, trace]) => verdicts.get(path) === 'differs' && !told.has(path) && canBeKept(trace),
  );
  return [...kept, ...untold.map(([path, { after }]) => changeAt(path, after))];
}

/** A leaf that changed and of which no change tells is one that no layer holds, such as a socket. */
function canBeKept({ before, after }: { readonly before: string; readonly after: string }): boolean {
  return before === after || after.startsWith('d');
}

function changeAt(path: string, stat: string): PresentChange {
  return { path, kind: stat.startsWith('d') ? 'directory' : 'leaf', added: false, attributes: true };
}
