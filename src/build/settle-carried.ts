import type { ListedPaths } from './carried-paths.ts';
import type { CarriedTraces, Trace } from './carried-traces.ts';
import type { Changes, PresentChange } from './changes.ts';
import type { ContainerLooks } from './container-looks.ts';
import { plainFolderLook, type Look } from './entry-look.ts';
import { statFieldsOf, type StatFields } from './stat-text.ts';

/** Where looks are read, only for what listings cannot tell. */
export interface LookSources {
  /** As the carried layers have the paths. */
  inLayers(paths: { has(path: string): boolean }): Promise<ReadonlyMap<string, Look>>;
  /** As they lie in the container now. */
  inContainer(paths: readonly string[]): Promise<ContainerLooks>;
}

/** The carried paths, and what is known of them before anything is read. */
export interface CarriedScene {
  readonly carried: ListedPaths;
  readonly traces: CarriedTraces;
  /**
   * The folders that the base has too, as the carried layers tell them: the container has attributes of theirs that no
   * listing shows.
   */
  readonly restated: ReadonlyMap<string, Look>;
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
  scene: CarriedScene,
  layers: ReadonlyMap<string, Look> | undefined,
  sources: LookSources,
): Promise<Changes> {
  const rested = restedPaths(changes, scene);
  const verdicts = judge(scene, rested, layers);
  const decide = async (unsure: readonly string[]): Promise<ContainerLooks> => {
    const expected = await expectedLooks(unsure, scene, layers, sources);
    const found = await sources.inContainer(unsure);
    for (const path of unsure) {
      const isEqual = !found.linked.has(path) && areEqual(found.looks.get(path), expected.get(path));
      verdicts.set(path, isEqual ? 'same' : 'differs');
    }
    return found;
  };
  const unsure = [...verdicts].filter(([, verdict]) => verdict === 'unsure').map(([path]) => path);
  const { inherited } = await decide(unsure);
  // What was laid below a folder of the base took its default ACL over, which nothing that was listed tells.
  if ([...scene.restated.keys()].some((path) => inherited.has(path)))
    await decide(
      rested()
        .filter((path) => !verdicts.has(path))
        .toArray(),
    );
  return { ...changes, present: corrected(changes.present, verdicts, scene) };
}

type Verdict = 'same' | 'differs' | 'unsure';

/** Lists the carried paths that are there still and did not move. */
function restedPaths({ deleted }: Changes, { carried, traces }: CarriedScene): () => MapIterator<string> {
  const gone = new Set(deleted);
  return () => carried.keys().filter((path) => !traces.moved.has(path) && !gone.has(path));
}

function judge(
  scene: CarriedScene,
  rested: () => MapIterator<string>,
  layers: ReadonlyMap<string, Look> | undefined,
): Map<string, Verdict> {
  const verdicts = judgeMoved(scene.traces.moved, layers);
  if (layers === undefined && scene.restated.size === 0) return verdicts;
  for (const path of rested()) {
    const owner = scene.traces.strangers.get(path) ?? scene.traces.owner;
    if ((layers?.get(path)?.owner ?? owner) !== owner) verdicts.set(path, 'differs');
    else if (scene.restated.has(path)) verdicts.set(path, 'unsure');
  }
  return verdicts;
}

function judgeMoved(
  moved: CarriedTraces['moved'],
  layers: ReadonlyMap<string, Look> | undefined,
): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  const differing = new Set<string>();
  for (const [path, { before, after }] of moved) {
    const [old, now] = [statFieldsOf(before), statFieldsOf(after)];
    const verdict = verdictOf(old, now, layers?.get(path)?.owner ?? old.owner);
    verdicts.set(path, verdict);
    if (verdict === 'differs') differing.add(now.inode);
  }
  for (const [path, verdict] of verdicts) {
    // Links of a file that is patched are patched with it, so that they stay links.
    const isLink = verdict === 'unsure' && differing.has(statFieldsOf(moved.get(path)?.after ?? '').inode);
    if (isLink) verdicts.set(path, 'differs');
  }
  return verdicts;
}

function verdictOf(old: StatFields, now: StatFields, owner: string): Verdict {
  if (now.owner !== owner || now.type !== old.type || now.mode !== old.mode) return 'differs';
  return now.type !== 'd' && now.mtime !== old.mtime ? 'differs' : 'unsure';
}

/** Reads layers only for what is not known: the directories of carried layers have no attributes. */
async function expectedLooks(
  paths: readonly string[],
  { traces, restated }: CarriedScene,
  layers: ReadonlyMap<string, Look> | undefined,
  sources: LookSources,
): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>();
  const unknown = new Set<string>();
  for (const path of paths) {
    const look = layers?.get(path) ?? restated.get(path) ?? folderLookOf(traces.moved.get(path)?.before);
    if (look === undefined) unknown.add(path);
    else looks.set(path, look);
  }
  if (unknown.size === 0) return looks;
  return new Map([...looks, ...(await sources.inLayers(unknown))]);
}

function folderLookOf(stat = ''): Look | undefined {
  const { type, mode, owner } = statFieldsOf(stat);
  return type === 'd' ? plainFolderLook(mode, owner) : undefined;
}

function areEqual(look: Look | undefined, other: Look | undefined): boolean {
  return look !== undefined && look.owner === other?.owner && look.rest === other.rest;
}

function corrected(
  present: readonly PresentChange[],
  verdicts: ReadonlyMap<string, Verdict>,
  { carried, traces }: CarriedScene,
): readonly PresentChange[] {
  const told = new Set(present.map(({ path }) => path));
  const kept = present.flatMap((change): readonly PresentChange[] => {
    const verdict = verdicts.get(change.path);
    if (verdict === undefined) return [change];
    if (change.kind === 'leaf') return verdict === 'same' ? [] : [change];
    return [{ ...change, attributes: verdict === 'differs' }];
  });
  const untold = [...verdicts].flatMap(([path, verdict]): readonly PresentChange[] => {
    if (verdict !== 'differs' || told.has(path)) return [];
    const kind = untoldKind(traces.moved.get(path), carried.get(path));
    return kind === undefined ? [] : [{ path, kind, added: false, attributes: true }];
  });
  return [...kept, ...untold];
}

/** A leaf that moved and of which no change tells is one that no layer holds, such as a socket. */
function untoldKind(trace: Trace | undefined, kind: PresentChange['kind'] | undefined) {
  if (trace === undefined) return kind;
  return trace.after.startsWith('d') ? 'directory' : undefined;
}
