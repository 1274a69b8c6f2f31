import { createReadStream } from 'node:fs';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { LayoutBlobs } from '../../start/layout-blobs.ts';
import { blobPath } from './layout-files.ts';

/** Reads the blobs of the OCI layout in `directory` as streams. */
export function openLayoutBlobs(directory: string): LayoutBlobs {
  return {
    async *open({ digest }, { signal }) {
      try {
        yield* createReadStream(blobPath(directory, digest), { signal });
      } catch (thrown) {
        signal.throwIfAborted();
        throw new PreheatError(`cannot read ${digest} in the layout ${directory}: ${messageOf(thrown)}`, {
          phase: 'start',
          code: 'corrupt',
          hint: 'Build the image again with `preheat build`.',
          cause: thrown,
        });
      }
    },
  };
}
