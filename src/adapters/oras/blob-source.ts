import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BlobSource } from '../../oci/blob-source.ts';
import { formatImage, type Location } from '../../oci/location.ts';
import type { Oras } from './oras.ts';
import type { OrasCall } from './oras-call.ts';

/** Opens a repository of a registry, or an OCI layout, for fetching blobs through oras, which checks their digests. */
export function openBlobSource(location: Location, oras: Oras): BlobSource {
  return {
    async fetchBlob(blob, directory, { signal }) {
      const arriving = join(resolve(directory), 'ingest', randomUUID());
      const call = {
        doing: `fetch ${formatImage(location, blob.digest)}`,
        phase: 'observe',
        command: ['blob', 'fetch', '--no-tty', '--output', arriving],
        optional: true,
        bytes: blob.size,
        ...sideOf(location, blob.digest),
      } as const;
      try {
        if ((await oras.run(call, { signal })) === undefined) return false;
        await rename(arriving, join(directory, 'blobs', ...blob.digest.split(':')));
        return true;
      } finally {
        await rm(arriving, { force: true });
      }
    },
  };
}

function sideOf(location: Location, digest: string): Pick<OrasCall, 'sides' | 'operands' | 'cwd'> {
  if (location.kind === 'registry') return { sides: [location], operands: [formatImage(location, digest)] };
  // oras splits "path@digest" at an "@" in the path too; "." has none.
  return { sides: [{ kind: 'layout' }], operands: [`.@${digest}`], cwd: location.directory };
}
