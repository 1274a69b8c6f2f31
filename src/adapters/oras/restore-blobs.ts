import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import { formatImage } from '../../oci/location.ts';
import type { Manifest } from '../../oci/manifest.ts';
import type { Transfer } from '../../publish/uploader.ts';
import type { Oras } from './oras.ts';
import type { RegistryLocation } from './registry-reader.ts';
import { blobsOf } from './transfer-lines.ts';

export interface RestoreRequest {
  readonly location: RegistryLocation;
  readonly layout: string;
  readonly manifest: Manifest;
}

/**
 * Sends the staged blobs of an image that a registry lacks, one by one. A copy does not: where a registry has a
 * manifest already, oras takes it for whole (https://github.com/oras-project/oras-go/blob/v2.5.0/copy.go), though a
 * clean-up may have taken its blobs.
 */
export async function restoreBlobs(
  { location, layout, manifest }: RestoreRequest,
  store: Pick<ContentStore, 'hasBlob'>,
  oras: Oras,
  options: CallOptions,
): Promise<Transfer> {
  const restored = { blobs: 0, bytes: 0 };
  for (const blob of blobsOf(manifest)) {
    const file = join('blobs', ...blob.digest.split(':'));
    const isStaged = (await stat(join(layout, file)).catch(() => undefined))?.size === blob.size;
    if (!isStaged || (await store.hasBlob(blob, options))) continue;
    const name = formatImage(location, blob.digest);
    await oras.run(
      {
        doing: `upload ${name}`,
        phase: 'publish',
        command: ['blob', 'push', '--no-tty'],
        sides: [location],
        cwd: layout,
        operands: [name, file],
        bytes: blob.size,
      },
      options,
    );
    restored.blobs++;
    restored.bytes += blob.size;
  }
  return restored;
}

/**
 * Whether a registry refused a manifest because it lacks a blob (distribution-spec, `MANIFEST_BLOB_UNKNOWN`), or oras
 * found that it does, and the layout too.
 */
export function lacksBlob(thrown: unknown): boolean {
  return /blob unknown|MANIFEST_BLOB_UNKNOWN|sha256:[0-9a-f]{64}: \S+: not found/i.test(messageOf(thrown));
}
