import type { Claims } from '../observe/step-record.ts';
import type { ListedPaths } from './carried-paths.ts';
import type { Changes, PresentChange } from './changes.ts';
import { foldersAbove } from './folders-above.ts';

/** What one layer of a step holds, in the order of the paths' bytes: folders come before what they hold. */
export interface LayerContent {
  /** Paths to be captured as they are now. */
  readonly entries: readonly string[];
  /**
   * Folders to be captured too, since they lie above the rest: an engine may give a folder that a layer needs but does
   * not describe to root, with mode 0755. They say nothing new.
   */
  readonly folders: readonly string[];
  /** Paths that the layer takes away. */
  readonly whiteouts: readonly string[];
}

export interface Division {
  /** Lies below the runtime and source layers. */
  readonly task: LayerContent;
  /** Lies above them. */
  readonly patch: LayerContent;
  readonly claims: Claims;
  /** The paths of carried layers that the patch touches, and of which all that lies below counts. */
  readonly patched: readonly { readonly path: string; readonly below: boolean }[];
}

/**
 * Divides what a step changed between the layer below and the one above those that carry `carried`, so that base,
 * task, carried layers and patch, stacked, are the file system in which the step ended, and nothing above the task
 * layer hides one of its paths.
 */
export function divide(changes: Changes, carried: ListedPaths): Division {
  const above = foldersAbove(carried.keys());
  const placed = Map.groupBy(changes.present, (change) => placeOf(change, carried, above));
  const gone = Map.groupBy(topmostDeleted(changes), (path) =>
    belongsToCarried(path, carried) || above.has(path) ? 'patch' : 'task',
  );
  const task = contentOf(placed.get('task'), gone.get('task'));
  const undone = changes.present.filter((change) => isUndone(change, carried, above));
  const unusual = [...changes.unusual, ...undone.map(({ path }) => path)];
  const patch = contentOf(placed.get('patch'), gone.get('patch'), unusual);
  return {
    task,
    patch,
    claims: claimsOf(placed.get('task') ?? [], task.whiteouts),
    patched: patchedOf(placed.get('patch') ?? [], carried, patch.whiteouts, unusual),
  };
}

/** Of a carried folder that stays one the patch holds only the folder itself; everything else takes the place of all below. */
function patchedOf(
  present: readonly PresentChange[],
  carried: ListedPaths,
  whiteouts: readonly string[],
  unusual: readonly string[],
): Division['patched'] {
  const isFolder = ({ path, kind }: PresentChange): boolean =>
    kind === 'directory' && carried.get(path) === 'directory';
  return [
    ...present.map((change) => ({ path: change.path, below: !isFolder(change) })),
    ...whiteouts.map((path) => ({ path, below: true })),
    ...unusual.map((path) => ({ path, below: false })),
  ].toSorted((a, b) => byBytes(a.path, b.path));
}

function placeOf(
  { path, kind, attributes }: PresentChange,
  carried: ListedPaths,
  above: ReadonlySet<string>,
): 'task' | 'patch' | 'nowhere' {
  if (kind === 'directory' && carried.get(path) === 'directory') {
    // Its content moves its mtime, which is not worth a patch on every push.
    return attributes ? 'patch' : 'nowhere';
  }
  if (belongsToCarried(path, carried)) return 'patch';
  // A leaf where the carried layers need a folder: they would put the folder back.
  return kind === 'leaf' && above.has(path) ? 'patch' : 'task';
}

/** Whether it is a folder that carried layers need but do not describe, so that they undo what changed of it. */
function isUndone(
  { path, kind, attributes }: PresentChange,
  carried: ListedPaths,
  above: ReadonlySet<string>,
): boolean {
  return kind === 'directory' && attributes && above.has(path) && !carried.has(path);
}

/** Whether a carried layer holds the path itself, or a leaf above it that would hide it. */
function belongsToCarried(path: string, carried: ListedPaths): boolean {
  if (carried.has(path)) return true;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const at = carried.get(path.slice(0, slash));
    if (at !== undefined) return at === 'leaf';
  }
  return false;
}

/** Of what is gone, that which neither a deleted folder nor a leaf in a folder's place takes away already. */
function topmostDeleted({ present, deleted }: Changes): readonly string[] {
  const gone = new Set(deleted);
  const leaves = new Set(present.filter(({ kind }) => kind === 'leaf').map(({ path }) => path));
  return deleted.filter((path) => {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    return !gone.has(parent) && !leaves.has(parent);
  });
}

function contentOf(
  present: readonly PresentChange[] | undefined,
  whiteouts: readonly string[] = [],
  unusual: readonly string[] = [],
): LayerContent {
  const entries = new Set((present ?? []).map(({ path }) => path));
  const folders = new Set([...foldersAbove([...entries, ...whiteouts, ...unusual]), ...unusual]);
  return {
    entries: [...entries].toSorted(byBytes),
    folders: [...folders.difference(entries)].toSorted(byBytes),
    whiteouts: whiteouts.toSorted(byBytes),
  };
}

/** Whiteouts are claimed too: a source that brings back what a task took away is not what the task would leave. */
function claimsOf(present: readonly PresentChange[], whiteouts: readonly string[]): Claims {
  const made = new Set(
    present.filter(({ kind, added }) => kind === 'directory' && added).map(({ path }) => path),
  );
  const isInside = (path: string): boolean => ancestorsOf(path).some((folder) => made.has(folder));
  const outermost = present.map(({ path }) => path).filter((path) => !isInside(path));
  return {
    subtrees: outermost.filter((path) => made.has(path)).toSorted(byBytes),
    entries: [...outermost.filter((path) => !made.has(path)), ...whiteouts].toSorted(byBytes),
  };
}

function ancestorsOf(path: string): readonly string[] {
  const ancestors: string[] = [];
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    ancestors.push(path.slice(0, slash));
  }
  return ancestors;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
