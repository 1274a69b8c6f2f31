import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { Digest } from '../../oci/digest.ts';
import { ImageIndex, Manifest } from '../../oci/manifest.ts';
import { blobsOf } from './transfer-lines.ts';

/** An image in a layout on disk, and how many bytes of it lie there. */
export interface StagedImage {
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly bytes: number;
}

/**
 * Reads what `tag` means in an OCI layout (image-spec, "Image Layout"), so that what a copy moved can be counted.
 * Throws `PreheatError` (publish) when the tag is not there.
 */
export async function readStagedImage(layout: string, tag: string): Promise<StagedImage> {
  const path = (digest: string): string => join(layout, 'blobs', ...digest.split(':'));
  try {
    const index = ImageIndex.parse(JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')));
    const entry = index.manifests.find(
      ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === tag,
    );
    if (entry === undefined) throw new Error(`it has no tag ${tag}`);
    const manifest = Manifest.parse(JSON.parse(await readFile(path(entry.digest), 'utf8')));
    const sizes = await Promise.all(blobsOf(manifest).map(({ digest }) => sizeOf(path(digest))));
    return { digest: entry.digest, manifest, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch (thrown) {
    throw new PreheatError(`cannot read the layout ${layout}: ${messageOf(thrown)}`, {
      phase: 'publish',
      cause: thrown,
    });
  }
}

/** Blobs that are not staged (a base's) are at the other side already. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
