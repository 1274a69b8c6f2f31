import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import type { Manifest } from '../../oci/manifest.ts';
import type { ResolvedBase } from './base-image.ts';
import type { Oras } from './oras.ts';
import { blobsOf } from './transfer-lines.ts';

export interface LostBlobs {
  /** The base images that were copied to the registry before. */
  readonly bases: readonly ResolvedBase[];
  readonly layout: string;
  /** The image that cannot be sent. */
  readonly manifest: Manifest;
}

/**
 * Stages the blobs of base images that a registry lacks though it has their manifests: a copy of the base takes these
 * for whole (see `restoreBlobs`).
 */
export async function fetchLostBlobs(
  { bases, layout, manifest }: LostBlobs,
  store: Pick<ContentStore, 'hasBlob'>,
  oras: Oras,
  options: CallOptions,
): Promise<void> {
  for (const blob of blobsOf(manifest)) {
    const base = bases.find((each) => blobsOf(each.manifest).some(({ digest }) => digest === blob.digest));
    const file = join('blobs', ...blob.digest.split(':'));
    const isStaged = (await stat(join(layout, file)).catch(() => undefined)) !== undefined;
    if (base === undefined || isStaged || (await store.hasBlob(blob, options))) continue;
    const { registry, repository } = base.location;
    const name = `${registry}/${repository}@${blob.digest}`;
    await oras.run(
      {
        doing: `fetch ${name}`,
        phase: 'publish',
        command: ['blob', 'fetch', '--no-tty', '--output', file],
        sides: [base.location],
        cwd: layout,
        operands: [name],
        bytes: blob.size,
      },
      options,
    );
  }
}
