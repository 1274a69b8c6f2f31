import type { Keyframe } from '../observe/keyframe.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { tarOf } from '../oci/tar-writer.ts';
import { listedPaths, type CarriedKind, type ListedPaths } from './carried-paths.ts';
import type { PlacedFile } from './placed-file.ts';
import {
  foldersTo,
  folderEntry,
  placedEntries,
  placedRecord,
  rawPath,
  sourceEntry,
} from './source-entries.ts';
import type { Checkout, CheckoutEntry, CheckoutRequest, SourceTree } from './source-tree.ts';
import { refuseWhiteoutName } from './whiteout-name.ts';

/** A layer with the sources at one commit, and what it carries. */
export interface SourceLayer {
  readonly layer: Layer;
  readonly carried: ListedPaths;
}

export interface SourcePorts {
  readonly sourceTree: SourceTree;
  readonly staging: Staging;
}

export interface SourceLayerRequest {
  readonly checkout: CheckoutRequest;
  /** Absolute path of the checkout's folder in the image, such as `/workspace/app`. */
  readonly location: string;
  /** Who owns the checkout. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Files of preheat itself, which root owns. */
  readonly files: readonly PlacedFile[];
}

/** A source layer upon which deltas can be laid, and what it leaves behind for them. */
export interface KeyframeLayer extends SourceLayer {
  readonly keyframe: Keyframe;
}

/**
 * Makes the layer that holds a commit's files and `.git`, its folders, and placed files, and writes down what later
 * deltas need to know of it. Its diff ID follows from the request alone. Streams: memory grows with the number of files
 * only by their paths. Throws a `PreheatError` of phase `build` for a tracked name that an image would read as a deletion.
 */
export async function makeSourceLayer(
  request: SourceLayerRequest,
  ports: SourcePorts,
  options: CallOptions,
): Promise<KeyframeLayer> {
  await using laid = await ports.sourceTree.layDown(request.checkout, options);
  const checkout = await laid.record(options);
  const source = await layerOf(request, laid, ports, options);
  const { location, owner, files } = request;
  const { historyDepth } = request.checkout;
  const placed = files.map((file) => placedRecord(file));
  const { uid, gid } = owner;
  const about = { location, owner: { uid, gid }, historyDepth, checkout, files: placed };
  return { ...source, keyframe: { schemaVersion: 1, layer: source.layer, ...about } };
}

async function layerOf(
  request: SourceLayerRequest,
  checkout: Checkout,
  { staging }: SourcePorts,
  options: CallOptions,
): Promise<SourceLayer> {
  const carried = new Map<string, CarriedKind>();
  const entries = noting(entriesOf(request, checkout.entries), carried);
  const layer = await staging.addLayer('source', tarOf(entries), options);
  return { layer, carried: listedPaths(carried) };
}

async function* noting(
  entries: AsyncIterable<TarEntry>,
  carried: Map<string, CarriedKind>,
): AsyncGenerator<TarEntry> {
  for await (const entry of entries) {
    refuseWhiteoutName(entry.path);
    carried.set(entry.path, entry.kind === 'directory' ? 'directory' : 'leaf');
    yield entry;
  }
}

async function* entriesOf(
  { location, owner, files }: SourceLayerRequest,
  checkout: AsyncIterable<CheckoutEntry>,
): AsyncGenerator<TarEntry> {
  yield* placedEntries(files);
  const top = rawPath(location);
  for (const folder of [...foldersTo(top), top]) yield { ...folderEntry(folder), ...owner };
  for await (const entry of checkout) yield { ...sourceEntry(top, entry), ...owner };
}
