import type { FileRecord, FileTree } from './file-tree.ts';
import { readLayer, type LayerEntry } from './read-layer.ts';

const TYPES: Readonly<Record<string, string>> = {
  0: 'f',
  2: 'l',
  3: 'c',
  4: 'b',
  5: 'd',
  6: 'p',
};
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** A file; its names share it. */
interface Node {
  readonly record: FileRecord;
}

/** Lays tars over one another by the letter of the image-spec ("Whiteouts", "Applying Changesets"). */
export function stackLayers(tars: Iterable<Buffer>): FileTree {
  const tree = new Map<string, Node>([['', { record: folderRecord() }]]);
  for (const tar of tars) applyLayer(tree, [...readLayer(tar)]);
  const names = Map.groupBy(tree.keys(), (path) => tree.get(path));
  return new Map(
    [...tree].map(([path, node]) => {
      const all = (names.get(node) ?? []).toSorted();
      return [path, { ...node.record, links: all.length > 1 ? (all[0] ?? '') : '' }];
    }),
  );
}

function applyLayer(tree: Map<string, Node>, entries: readonly LayerEntry[]): void {
  for (const { path } of entries) takeAway(tree, path);
  for (const entry of entries.filter(({ path }) => !nameOf(path).startsWith(WHITEOUT))) add(tree, entry);
}

function takeAway(tree: Map<string, Node>, path: string): void {
  const name = nameOf(path);
  const folder = path.slice(0, path.length - name.length);
  if (name === OPAQUE) removeBelow(tree, folder);
  else if (name.startsWith(WHITEOUT)) remove(tree, folder + name.slice(WHITEOUT.length));
}

function add(tree: Map<string, Node>, entry: LayerEntry): void {
  const { path } = entry;
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash);
    if (tree.get(folder)?.record.type === 'd') continue;
    remove(tree, folder);
    tree.set(folder, { record: folderRecord() });
  }
  const isMerged = entry.flag === '5' && tree.get(path)?.record.type === 'd';
  if (!isMerged) remove(tree, path);
  tree.set(path, entry.flag === '1' ? linkedNode(tree, entry) : { record: recordOf(entry) });
}

function linkedNode(tree: ReadonlyMap<string, Node>, { path, target }: LayerEntry): Node {
  const node = tree.get(target.replace(/^(?:\.?\/)+/, ''));
  if (node === undefined) throw new RangeError(`${path} is a link to ${target}, which is not there`);
  return node;
}

function recordOf({ flag, mode, owner, mtime, size, device, target, content, attributes }: LayerEntry) {
  const type = TYPES[flag];
  if (type === undefined) throw new RangeError(`entries of type ${flag} are not known`);
  return {
    type,
    mode: type === 'l' ? '777' : mode,
    owner,
    mtime,
    size: type === 'f' ? String(size) : '',
    device: 'cb'.includes(type) ? device : '',
    target: type === 'l' ? target : '',
    content,
    attributes,
    links: '',
    sparse: false,
  };
}

function folderRecord(): FileRecord {
  const size = { size: '', device: '', target: '', content: '', links: '' };
  return {
    type: 'd',
    mode: '755',
    owner: '0:0',
    mtime: '',
    attributes: new Map(),
    sparse: false,
    ...size,
  };
}

function remove(tree: Map<string, Node>, path: string): void {
  if (tree.get(path)?.record.type === 'd') removeBelow(tree, `${path}/`);
  tree.delete(path);
}

function removeBelow(tree: Map<string, Node>, folder: string): void {
  for (const other of tree.keys()) if (other.startsWith(folder) && other !== '') tree.delete(other);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
