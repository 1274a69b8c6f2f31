import { compareBytes, type Bytes } from './compare-bytes.ts';

/** A file, link or submodule in a commit's tree. */
export interface ListedEntry {
  /** Raw bytes as latin1 text. */
  readonly path: string;
  /** As in a tree: 0o100644, 0o100755, 0o120000 (symlink) or 0o160000 (submodule). */
  readonly mode: number;
  /** Object id; the commit of a submodule. */
  readonly id: string;
}

/**
 * What a commit's tree holds but for folders, as `git ls-tree -r -z` tells it, with or without `-l`: in one piece of
 * memory, and where its lines lie there. 100,000 files take some 10 MB so and nothing of the collector's time, and are
 * found by bisection (`tree-lookup.ts`). Places are numbers from 0 on in the order of the paths' bytes.
 */
export interface TreeListing {
  /** `<mode> <type> <id>[ <size>]\t<path>\0` for each entry, in any order. */
  readonly bytes: Buffer;
  /** How many digits object ids have. */
  readonly idLength: number;
  /** Where each line begins, where its path begins, and where that ends. */
  readonly lines: Uint32Array;
  readonly paths: Uint32Array;
  readonly ends: Uint32Array;
}

const NUL = 0x00;
const TAB = 0x09;
const SPACE = 0x20;
/** `100644 ` */
const TYPE_AT = 7;
/** Of a line up to the tab: `100644 blob ` and an id of 40 digits. */
const SHORTEST_START = TYPE_AT + 'blob '.length + 40;
const SUBMODULE = 0o160000;
const COMMIT = 'c'.codePointAt(0);

/** Reads what git printed. Throws `RangeError` for anything that is no such listing. */
export function readTreeListing(bytes: Buffer): TreeListing {
  const [lines, paths, ends]: [number[], number[], number[]] = [[], [], []];
  for (let at = 0; at < bytes.length;) {
    const tab = bytes.indexOf(TAB, at + SHORTEST_START);
    const end = tab < 0 ? -1 : bytes.indexOf(NUL, tab);
    if (end < 0) throw new RangeError('a line in the listing of a tree has no end');
    lines.push(at);
    paths.push(tab + 1);
    ends.push(end);
    at = end + 1;
  }
  const places = {
    lines: new Uint32Array(lines),
    paths: new Uint32Array(paths),
    ends: new Uint32Array(ends),
  };
  return inOrder({ bytes, idLength: idLengthIn(bytes), ...places });
}

/** A listing of these entries. */
export function treeListingOf(entries: Iterable<ListedEntry>): TreeListing {
  const lines = Array.from(entries, ({ mode, id, path }) => {
    const type = mode === SUBMODULE ? 'commit' : 'blob';
    return `${mode.toString(8).padStart(6, '0')} ${type} ${id}\t${path}\0`;
  });
  return readTreeListing(Buffer.from(lines.join(''), 'latin1'));
}

/** Where the object id of a line begins. */
export function idStart({ bytes, lines }: TreeListing, at: number): number {
  const type = (lines[at] ?? 0) + TYPE_AT;
  return type + (bytes[type] === COMMIT ? 'commit ' : 'blob ').length;
}

/** The path of a line. */
export function pathBytes({ bytes, paths, ends }: TreeListing, at: number): Bytes {
  return [bytes, paths[at] ?? 0, ends[at] ?? 0];
}

/** Mode, type and object id of a line. */
export function objectBytes(listing: TreeListing, at: number): Bytes {
  return [listing.bytes, listing.lines[at] ?? 0, idStart(listing, at) + listing.idLength];
}

function idLengthIn(bytes: Buffer): number {
  if (bytes.length === 0) return 0;
  const start = bytes.indexOf(SPACE, TYPE_AT) + 1;
  const [space, tab] = [bytes.indexOf(SPACE, start), bytes.indexOf(TAB)];
  return (space < 0 ? tab : Math.min(space, tab)) - start;
}

/** Git keeps trees in this order; a tree that another program wrote may not be (`git fsck`: treeNotSorted). */
function inOrder(listing: TreeListing): TreeListing {
  const { paths } = listing;
  const compare = (a: number, b: number): number =>
    compareBytes(pathBytes(listing, a), pathBytes(listing, b));
  let ordered = 1;
  while (ordered < paths.length && compare(ordered - 1, ordered) < 0) ordered++;
  if (ordered >= paths.length) return listing;
  const order = Array.from(paths.keys()).toSorted(compare);
  const sorted = (places: Uint32Array): Uint32Array => Uint32Array.from(order, (at) => places[at] ?? 0);
  return { ...listing, lines: sorted(listing.lines), paths: sorted(paths), ends: sorted(listing.ends) };
}
