import { randomUUID } from 'node:crypto';
import { access, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hexOf, type Digest } from '../../oci/digest.ts';

/** Content of the file `oci-layout` (image-spec, "oci-layout file"). */
const LAYOUT_VERSION = JSON.stringify({ imageLayoutVersion: '1.0.0' });

/** Where a layout keeps the blob of this digest. */
export function blobPath(directory: string, digest: Digest): string {
  return join(directory, 'blobs', 'sha256', hexOf(digest));
}

/** Where a layout keeps its index. */
export function indexPath(directory: string): string {
  return join(directory, 'index.json');
}

/** A fresh name for a file that is still being written; on the layout's own file system, as renaming needs. */
export function temporaryPath(directory: string): string {
  return join(directory, 'ingest', randomUUID());
}

/** Makes an empty OCI layout of `directory`; what a layout there has already stays. */
export async function createLayout(directory: string): Promise<void> {
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true });
  await mkdir(join(directory, 'ingest'), { recursive: true });
  await writeOnce(directory, join(directory, 'oci-layout'), LAYOUT_VERSION);
  await writeOnce(directory, indexPath(directory), JSON.stringify({ schemaVersion: 2, manifests: [] }));
}

/** Writes a file of a layout so that readers see the old content or the new one, never a part. */
export async function writeWhole(
  directory: string,
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const temporary = temporaryPath(directory);
  try {
    await mkdir(dirname(temporary), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Never replaces what another build has written meanwhile: linking fails where renaming would overwrite. */
async function writeOnce(directory: string, path: string, content: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) return;
  const temporary = temporaryPath(directory);
  try {
    await writeFile(temporary, content);
    await link(temporary, path);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  } finally {
    await rm(temporary, { force: true });
  }
}
