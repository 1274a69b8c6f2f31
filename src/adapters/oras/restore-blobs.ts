import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { formatImage } from '../../oci/location.ts';
import type { Manifest } from '../../oci/manifest.ts';
import type { Transfer } from '../../publish/uploader.ts';
import type { ResolvedBase } from './base-image.ts';
import type { Oras } from './oras.ts';
import type { RegistryLocation } from './registry-reader.ts';
import { blobsOf } from './transfer-lines.ts';

export interface RestoreRequest {
  readonly location: RegistryLocation;
  readonly layout: string;
  readonly manifest: Manifest;
  /** The base images that were copied to the registry before. */
  readonly bases: readonly ResolvedBase[];
}

/**
 * Sends the blobs of an image that a registry lacks, one by one: those that are staged, and those of base images, which
 * are staged for it. A copy does not: where a registry has a manifest already, oras takes it for whole
 * (https://github.com/oras-project/oras-go/blob/v2.5.0/copy.go), though a clean-up may have taken its blobs.
 */
export async function restoreBlobs(
  { location, layout, manifest, bases }: RestoreRequest,
  store: Pick<ContentStore, 'hasBlob'>,
  oras: Oras,
  options: CallOptions,
): Promise<Transfer> {
  const restored = { blobs: 0, bytes: 0 };
  for (const blob of blobsOf(manifest)) {
    const isStaged = (await stat(join(layout, fileOf(blob))).catch(() => undefined))?.size === blob.size;
    const base = bases.find((each) => blobsOf(each.manifest).some(({ digest }) => digest === blob.digest));
    if ((!isStaged && base === undefined) || (await store.hasBlob(blob, options))) continue;
    const move = (call: Omit<BlobCall, 'blob' | 'layout'>) =>
      moveBlob({ ...call, blob, layout }, oras, options);
    if (!isStaged && base !== undefined) {
      await move({ doing: 'fetch', side: base.location, command: ['fetch', '--output', fileOf(blob)] });
    }
    await move({ doing: 'upload', side: location, command: ['push'], operands: [fileOf(blob)] });
    restored.blobs++;
    restored.bytes += blob.size;
  }
  return restored;
}

interface BlobCall {
  readonly doing: string;
  readonly blob: Descriptor;
  readonly layout: string;
  readonly side: RegistryLocation;
  readonly command: readonly string[];
  readonly operands?: readonly string[];
}

async function moveBlob(
  { doing, blob, layout, side, command, operands = [] }: BlobCall,
  oras: Oras,
  options: CallOptions,
): Promise<void> {
  const name = formatImage(side, blob.digest);
  await oras.run(
    {
      doing: `${doing} ${name}`,
      phase: 'publish',
      command: ['blob', ...command, '--no-tty'],
      sides: [side],
      cwd: layout,
      operands: [name, ...operands],
      bytes: blob.size,
    },
    options,
  );
}

function fileOf({ digest }: Descriptor): string {
  return join('blobs', ...digest.split(':'));
}

/**
 * Whether a registry refused a manifest because it lacks a blob (distribution-spec, `MANIFEST_BLOB_UNKNOWN`), or oras
 * found that it does, and the layout too.
 */
export function lacksBlob(thrown: unknown): boolean {
  return /blob unknown|MANIFEST_BLOB_UNKNOWN|sha256:[0-9a-f]{64}: \S+: not found/i.test(messageOf(thrown));
}
