import { createHash } from 'node:crypto';
import { parseDigest, type Digest } from '../../oci/digest.ts';
import type { ContextEntry } from './context-tree.ts';

/** A digest over names, modes, contents and attributes of files, whatever their order. */
export function inputsDigest(
  files: readonly ContextEntry[],
  attributesOf: (path: string) => string | undefined,
): Digest {
  const hash = createHash('sha256');
  for (const { path, mode, id } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    // No part but the last can hold a NUL or be mistaken for another.
    hash.update(`${mode.toString(8)} ${id} ${attributesOf(path) ?? ''}\0`);
    hash.update(`${path}\0`, 'latin1');
  }
  return parseDigest(`sha256:${hash.digest('hex')}`);
}
