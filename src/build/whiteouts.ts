import type { TarEntry } from '../oci/tar-entry.ts';

/**
 * The entries that take paths away from the layers below (image-spec, "Whiteouts"): an empty file `.wh.<name>` beside
 * each, always explicit, never opaque.
 */
export function whiteoutEntries(paths: readonly string[]): readonly TarEntry[] {
  return paths.map((path) => {
    const nameAt = path.lastIndexOf('/') + 1;
    return {
      path: `${path.slice(0, nameAt)}.wh.${path.slice(nameAt)}`,
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: 0,
    };
  });
}
