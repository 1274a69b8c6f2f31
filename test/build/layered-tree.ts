import type { ListedPath } from '../../src/build/listing.ts';

/** A node of the model: what a path is, and which layer it comes from. */
export interface Node {
  readonly kind: 'directory' | 'leaf';
  /** All that must survive, as {@link lookText} writes it. */
  readonly look: string;
  readonly layer: string;
}

export type Tree = ReadonlyMap<string, Node>;

export interface ModelLayer {
  readonly name: string;
  readonly whiteouts: readonly string[];
  readonly entries: readonly (readonly [path: string, kind: Node['kind'], look: string])[];
}

/** How a layer is laid: into the merged tree, or unpacked by itself, as Docker does, and merged then. */
export type Laying = 'merged' | 'apart';

/**
 * Lays one layer over a tree by the rules of the image-spec: whiteouts act on what lies below only, and are files in
 * folders. Folders that a layer needs but does not describe are made; apart from the tree they replace what it had.
 */
export function overlay(below: Tree, { name, whiteouts, entries }: ModelLayer, laying: Laying): Tree {
  const tree = new Map(below);
  const described = new Set(entries.map(([path]) => path));
  const makeFolders = (path: string): void => {
    for (const folder of foldersAbove(path)) {
      const kept = tree.get(folder)?.kind === 'directory' && (laying === 'merged' || described.has(folder));
      if (!kept) tree.set(folder, { kind: 'directory', look: IMPLIED_LOOK, layer: name });
    }
  };
  for (const path of whiteouts) {
    removeAt(tree, path);
    makeFolders(path);
  }
  for (const [path, kind, look] of entries) {
    makeFolders(path);
    if (kind === 'leaf' || tree.get(path)?.kind === 'leaf') removeAt(tree, path);
    tree.set(path, { kind, look, layer: name });
  }
  return tree;
}

export function removeAt(tree: Map<string, unknown>, path: string): void {
  for (const other of tree.keys()) if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
}

export function foldersAbove(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
}

/** What a look is made of. */
export interface LookParts {
  /** Content of a leaf, mode of a directory. */
  readonly base: string;
  readonly owner?: number;
  /** An extended attribute. */
  readonly note?: string;
  /** Of leaves only. */
  readonly mtime?: number;
}

export function lookText({ base, owner = 0, note = '', mtime }: LookParts): string {
  return [base, owner, note, mtime ?? ''].join('|');
}

export function lookParts(text: string): Required<LookParts> {
  const [base = '', owner, note = '', mtime] = text.split('|');
  return { base, owner: Number(owner), note, mtime: Number(mtime) };
}

/** Mode 0755, owned by root, as the model writes it. */
const IMPLIED_LOOK = lookText({ base: '755' });
const OTHER_MODE = '700';
const OTHER_OWNER = 7;

interface Inode {
  readonly kind: Node['kind'];
  base: string;
  owner: number;
  note: string;
  inode: number;
  ctime: number;
  mtime: number;
  copiedUp: boolean;
}

/** `restore` puts an equal file in a file's place, `disguise` another one of the same size and times. */
export const VERBS = [
  'write',
  'mkdir',
  'remove',
  'chmod',
  'rename',
  'touch',
  'own',
  'own-all',
  'note',
  'restore',
  'disguise',
] as const;

/** What a task does to the model's file system; what is impossible in its state does nothing. */
export interface Operation {
  readonly verb: (typeof VERBS)[number];
  readonly path: string;
  readonly to: string;
}

/** A file system over an overlay mount: it copies up, counts inodes and keeps times. */
export class ModelFileSystem {
  readonly #inodes = new Map<string, Inode>();
  #clock = 100;
  #lastInode = 0;

  constructor(tree: Tree) {
    for (const [path, { kind, look }] of tree) {
      const { base, owner, note } = lookParts(look);
      const inode = ++this.#lastInode;
      this.#inodes.set(path, { kind, base, owner, note, inode, ctime: 1, mtime: 1, copiedUp: false });
    }
  }

  listing(): readonly ListedPath[] {
    return [...this.#inodes].map(([path, { kind, base, owner, inode, ctime, mtime }]) => ({
      path,
      stat: `${kind === 'directory' ? 'd' : 'f'} ${inode} ${ctime} ${mtime} ${kind === 'directory' ? base : 644} ${owner} ${owner}`,
    }));
  }

  looks(): ReadonlyMap<string, string> {
    return new Map([...this.#inodes].map(([path, node]) => [path, `${node.kind} ${lookOfInode(node)}`]));
  }

  nodeAt(path: string): readonly [path: string, kind: Node['kind'], look: string] {
    const node = this.#inodes.get(path);
    if (!node) throw new Error(`${path} is not there`);
    return [path, node.kind, lookOfInode(node)];
  }

  apply({ verb, path, to }: Operation): void {
    this.#clock++;
    if (verb === 'write') this.#write(path);
    else if (verb === 'mkdir') this.#make(path, 'directory', '755');
    else if (verb === 'remove') this.#remove(path);
    else if (verb === 'chmod') this.#chmod(path);
    else if (verb === 'rename') this.#rename(path, to);
    else if (verb === 'own-all') for (const below of this.#atOrBelow(path)) this.#change(below, 'own');
    else this.#change(path, verb);
  }

  #write(path: string): void {
    const node = this.#inodes.get(path);
    if (node === undefined) {
      this.#make(path, 'leaf', `written ${this.#clock}`);
    } else if (node.kind === 'leaf') {
      this.#touchAbove(path);
      Object.assign(node, { ctime: this.#clock, mtime: this.#clock, base: `written ${this.#clock}` });
    }
  }

  #make(path: string, kind: Node['kind'], base: string): void {
    if (this.#inodes.has(path) || !this.#enter(path)) return;
    const times = { ctime: this.#clock, mtime: this.#clock };
    const fresh = { base, owner: 0, note: '', inode: ++this.#lastInode, copiedUp: true };
    this.#inodes.set(path, { kind, ...fresh, ...times });
  }

  #remove(path: string): void {
    if (this.#inodes.has(path) && this.#enter(path)) removeAt(this.#inodes, path);
  }

  #chmod(path: string): void {
    const node = this.#inodes.get(path);
    if (node?.kind !== 'directory') return;
    this.#touchAbove(path);
    const base = node.base === OTHER_MODE ? '755' : OTHER_MODE;
    Object.assign(node, { ctime: this.#clock, base, copiedUp: true });
  }

  #atOrBelow(path: string): readonly string[] {
    return [...this.#inodes.keys()].filter((other) => other === path || other.startsWith(`${path}/`));
  }

  /** What moves a ctime and no other time. */
  #change(path: string, verb: 'touch' | 'own' | 'note' | 'restore' | 'disguise'): void {
    const node = this.#inodes.get(path);
    const replaces = verb === 'restore' || verb === 'disguise';
    if (node === undefined || (replaces && node.kind !== 'leaf')) return;
    if (replaces) this.#enter(path);
    else this.#touchAbove(path);
    Object.assign(node, { ctime: this.#clock, copiedUp: true });
    if (verb === 'own') node.owner = OTHER_OWNER;
    if (verb === 'note') node.note = `noted ${this.#clock}`;
    if (verb === 'disguise') node.base = `disguised ${this.#clock}`;
    if (replaces) node.inode = ++this.#lastInode;
  }

  #rename(path: string, to: string): void {
    const node = this.#inodes.get(path);
    if (
      !node ||
      `${to}/`.startsWith(`${path}/`) ||
      this.#inodes.has(to) ||
      !this.#enter(to) ||
      !this.#enter(path)
    )
      return;
    const moved = [...this.#inodes].filter(([other]) => other === path || other.startsWith(`${path}/`));
    removeAt(this.#inodes, path);
    for (const [other, inode] of moved) this.#inodes.set(to + other.slice(path.length), inode);
    node.ctime = this.#clock;
  }

  /** Changes the folder that a path lies in, if there is one. */
  #enter(path: string): boolean {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (parent === '') return true;
    const folder = this.#inodes.get(parent);
    if (folder?.kind !== 'directory') return false;
    this.#touchAbove(path);
    Object.assign(folder, { ctime: this.#clock, mtime: this.#clock });
    return true;
  }

  #touchAbove(path: string): void {
    for (const folder of foldersAbove(path)) {
      const node = this.#inodes.get(folder);
      if (!node || node.copiedUp) continue;
      Object.assign(node, { copiedUp: true, ctime: this.#clock });
    }
  }
}

function lookOfInode({ kind, base, owner, note, mtime }: Inode): string {
  return lookText({ base, owner, note, ...(kind === 'leaf' && { mtime }) });
}
