import { bytesText } from '../../kernel/amounts.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { shortDigest } from '../../oci/digest.ts';
import type { Manifest } from '../../oci/manifest.ts';

/** What a copy moved; follows the lines that oras prints, over all attempts of a call. */
export interface TransferCount {
  readonly onLine: (line: string) => void;
  /** Blobs of the image that were moved, each once; known when the copy has succeeded. */
  total(): { readonly blobs: number; readonly bytes: number };
}

/** `Copying 1cd90168f093 application/vnd…`: the first twelve hex digits of a blob that the target lacks. */
const STATUS = /^(Copying|Copied)\s+([0-9a-f]{12}) /;

/**
 * Counts the blobs of one image; `onProgress` gets a text for people each time one has arrived. What was begun counts,
 * not what was finished: an attempt that breaks off may have sent blobs whose end it did not tell, and the next one
 * finds them there.
 */
export function countTransfer(manifest: Manifest, onProgress?: (detail: string) => void): TransferCount {
  const blobs = blobsOf(manifest);
  const begun = new Set<string>();
  const arrived = new Set<string>();
  const among = (digits: ReadonlySet<string>) =>
    blobs.filter(({ digest }) => digits.has(shortDigest(digest)));
  return {
    total() {
      const moved = among(begun);
      return { blobs: moved.length, bytes: bytesOf(moved) };
    },
    onLine(line) {
      const [, status, digits] = STATUS.exec(line) ?? [];
      if (digits === undefined) return;
      begun.add(digits);
      if (status !== 'Copied') return;
      arrived.add(digits);
      onProgress?.(
        `${among(arrived).length} of ${among(begun).length} blobs, ${bytesText(bytesOf(among(arrived)))}`,
      );
    },
  };
}

/** Config and layers of an image, each once. */
export function blobsOf({ config, layers }: Manifest): readonly Descriptor[] {
  return [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
}

export function bytesOf(blobs: readonly Descriptor[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
