import { compareBytes, type Bytes } from './compare-bytes.ts';
import { idStart, pathBytes, type ListedEntry, type TreeListing } from './tree-listing.ts';

/** How many entries a listing has. */
export function countEntries({ paths }: TreeListing): number {
  return paths.length;
}

/** The path at a place, raw bytes as latin1 text. */
export function pathAt({ bytes, paths, ends }: TreeListing, at: number): string {
  return bytes.toString('latin1', paths[at], ends[at]);
}

/** The mode at a place, as in a tree: 0o100644 and so on. */
export function modeAt({ bytes, lines }: TreeListing, at: number): number {
  const start = lines[at] ?? 0;
  return Number.parseInt(bytes.toString('latin1', start, start + 6), 8);
}

/** The entry at a place. */
export function entryAt(listing: TreeListing, at: number): ListedEntry {
  const start = idStart(listing, at);
  const id = listing.bytes.toString('latin1', start, start + listing.idLength);
  return { path: pathAt(listing, at), mode: modeAt(listing, at), id };
}

/** The bytes of the object at a place, where the listing tells sizes; 0 for gitlinks, which have a dash there. */
export function sizeAt(listing: TreeListing, at: number): number | undefined {
  const { bytes, idLength, paths } = listing;
  const [from, tab] = [idStart(listing, at) + idLength, (paths[at] ?? 0) - 1];
  if (from === tab) return undefined;
  let size = 0;
  for (let place = from; place < tab; place++) {
    const digit = (bytes[place] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) size = size * 10 + digit;
  }
  return size;
}

const ZERO = 0x30;

/** Where a path stands; `undefined` where it is not listed. */
export function placeOf(listing: TreeListing, path: string): number | undefined {
  return placeOfBytes(listing, wholeBytes(path));
}

/** The same for the bytes of a path. `guess` is where it stands most likely, if that is known. */
export function placeOfBytes(listing: TreeListing, path: Bytes, guess?: number): number | undefined {
  const isAt = (place: number): boolean =>
    place < listing.paths.length && compareBytes(pathBytes(listing, place), path) === 0;
  if (guess !== undefined && isAt(guess)) return guess;
  const place = lowerBound(listing, path);
  return isAt(place) ? place : undefined;
}

/** The entry of a path; `undefined` where it is not listed. */
export function findEntry(listing: TreeListing, path: string): ListedEntry | undefined {
  const place = placeOf(listing, path);
  return place === undefined ? undefined : entryAt(listing, place);
}

/** Everything listed below a folder, in order; an empty name is that of the root. */
export function* entriesBelow(listing: TreeListing, folder: string): Generator<ListedEntry> {
  const [from, to] = placesBelow(listing, folder);
  for (let at = from; at < to; at++) yield entryAt(listing, at);
}

/** The paths of a listing, in order. */
export function* pathsOf(listing: TreeListing): Generator<string> {
  for (let at = 0; at < listing.paths.length; at++) yield pathAt(listing, at);
}

/** The first path below a folder; `undefined` where nothing lies there. */
export function firstBelow(listing: TreeListing, folder: string): string | undefined {
  if (folder === '') return listing.paths.length === 0 ? undefined : pathAt(listing, 0);
  const place = lowerBound(listing, wholeBytes(`${folder}/`));
  if (place === listing.paths.length) return undefined;
  const path = pathAt(listing, place);
  return path.startsWith(`${folder}/`) ? path : undefined;
}

/** Whether any file has this name, wherever it lies. */
export function hasNamed(listing: TreeListing, name: string): boolean {
  const { bytes } = listing;
  const asked = Buffer.from(`${name}\0`, 'latin1');
  for (let at = bytes.indexOf(asked); at >= 0; at = bytes.indexOf(asked, at + 1))
    if (at > 0 && NAME_BEGINS.has(bytes[at - 1] ?? 0)) return true;
  return false;
}

/** What stands before a name: the slash of its folder, or the tab before a path. */
const NAME_BEGINS: ReadonlySet<number> = new Set(Buffer.from('/\t'));

/** From which place to which (that one not among them) a folder's content stands: all that begins with its name and `/`. */
function placesBelow(listing: TreeListing, folder: string): readonly [from: number, to: number] {
  if (folder === '') return [0, listing.paths.length];
  const [slash, next] = ['/', '0'].map((end) => lowerBound(listing, wholeBytes(folder + end)));
  return [slash ?? 0, next ?? 0];
}

/** The first place whose path does not come before the one that is asked for. */
function lowerBound(listing: TreeListing, asked: Bytes): number {
  let [from, to] = [0, listing.paths.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compareBytes(pathBytes(listing, middle), asked) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function wholeBytes(path: string): Bytes {
  return [Buffer.from(path, 'latin1'), 0, path.length];
}
