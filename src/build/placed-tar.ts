import { tarOf } from '../oci/tar-writer.ts';
import type { PlacedFile } from './placed-file.ts';

/** A tar of root-owned files to be put into a container, without entries for the folders above them. */
export function placedTar(files: readonly PlacedFile[]): AsyncIterable<Uint8Array> {
  return tarOf(
    files.map(({ path, mode, content }) => ({
      path: path.replace(/^\/+/, ''),
      kind: 'file',
      mode,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: content.byteLength,
      open: async function* open() {
        yield content;
      },
    })),
  );
}
