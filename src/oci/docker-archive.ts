import { posix } from 'node:path';
import * as z from 'zod';
import { CODING_BYTES, layerCodingOf, unpacked } from './gzip-unpacked.ts';
import { membersOf } from './tar-members.ts';

/** What comes out of a `docker save` stream, in the order in which the engine wrote it. */
export type ArchivePart =
  /** A layer; its tar must be read before the next part is asked for. */
  | { readonly kind: 'layer'; readonly path: string; readonly tar: AsyncIterable<Uint8Array> }
  /** A config, `manifest.json` and other small files. */
  | { readonly kind: 'document'; readonly path: string; readonly bytes: Uint8Array }
  /** Another name of a layer: older engines write layers with equal content once. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** One image of an archive by the paths of its parts; layers from bottom to top. */
export interface ArchivedImage {
  readonly config: string;
  readonly layers: readonly string[];
}

const LARGEST_DOCUMENT = 4 * 1024 * 1024;

/** https://github.com/moby/moby/blob/v26.1.5/image/tarexport/tarexport.go (`manifestItem`) */
const ArchiveManifest = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()).nullable() }));

/**
 * Reads a `docker save` stream in one pass with bounded memory. Both forms are understood: an OCI layout with a
 * `manifest.json` (engines from 25 on; with the containerd store its layers are compressed) and the older one with a
 * folder for each layer. What a file is shows in its first bytes, since `manifest.json` comes last.
 * Throws an `Error` for a stream that is no such archive or ends too early.
 */
export async function* archiveParts(
  archive: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ArchivePart> {
  for await (const { path, kind, target, content } of membersOf(archive, signal)) {
    if (kind === 'link') yield { kind, path, target: posix.join(posix.dirname(path), target) };
    if (kind !== 'file') continue;
    const { start, all } = await peek(content);
    const coding = layerCodingOf(start);
    if (coding === undefined) yield { kind: 'document', path, bytes: await collect(all, path) };
    else yield { kind: 'layer', path, tar: unpacked(all, coding) };
  }
}

/** Reads `manifest.json`. Throws an `Error` unless it lists exactly one image. */
export function readArchiveManifest(bytes: Uint8Array): ArchivedImage {
  const images = ArchiveManifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  const [image, ...more] = images;
  if (image === undefined || more.length > 0) throw new Error(`it holds ${images.length} images, not one`);
  return { config: image.Config, layers: image.Layers ?? [] };
}

/** The first bytes of a stream, and the stream with them. */
async function peek(content: AsyncIterable<Uint8Array>) {
  const iterator = content[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < CODING_BYTES;) {
    const next = await iterator.next();
    if (next.done === true) break;
    pieces.push(next.value);
    size += next.value.byteLength;
  }
  return { start: Buffer.concat(pieces).subarray(0, CODING_BYTES), all: joined(pieces, iterator) };
}

async function* joined(
  start: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* start;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function collect(content: AsyncIterable<Uint8Array>, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.byteLength;
    if (size > LARGEST_DOCUMENT) throw new Error(`${path} is neither a layer nor small`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
