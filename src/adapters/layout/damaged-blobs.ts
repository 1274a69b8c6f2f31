import { readFile, rm, stat } from 'node:fs/promises';
import type { Descriptor } from '../../oci/descriptor.ts';
import { digestOf } from '../../oci/digest.ts';
import { Manifest } from '../../oci/manifest.ts';
import { blobPath } from './layout-files.ts';

/** What is at most so large is read whole; of anything larger the size tells whether it broke off. */
const READ_WHOLE = 4 * 1024 * 1024;

/**
 * Removes what is damaged of an image, so that the next copy brings it again, and the manifest with it: oras takes
 * whatever lies under a blob's name for sound, and what lies under a manifest's for complete. Answers whether anything
 * was damaged or missing.
 */
export async function removeDamagedBlobs(directory: string, image: Descriptor): Promise<boolean> {
  if (await isDamaged(directory, image)) return true;
  const { config, layers } = Manifest.parse(
    JSON.parse(await readFile(blobPath(directory, image.digest), 'utf8')),
  );
  let damaged = false;
  for (const blob of [config, ...layers]) damaged = (await isDamaged(directory, blob)) || damaged;
  if (damaged) await rm(blobPath(directory, image.digest), { force: true });
  return damaged;
}

/** Whether a blob is not there as it should be; what there is of it is gone then. */
async function isDamaged(directory: string, { digest, size }: Descriptor): Promise<boolean> {
  const path = blobPath(directory, digest);
  const found = await stat(path).catch(() => undefined);
  const isSound = found?.size === size && (size > READ_WHOLE || digestOf(await readFile(path)) === digest);
  if (!isSound) await rm(path, { force: true });
  return !isSound;
}
