import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';

/** One entry of a layer, owned by root unless `more` says otherwise; `text` is a file's content. */
export function entry(
  path: string,
  kind: TarEntry['kind'],
  more: Partial<TarEntry> & { readonly text?: string } = {},
) {
  const { text = '', ...rest } = more;
  const content = Buffer.from(text);
  const mode = kind === 'directory' ? 0o755 : 0o644;
  const open = async function* open() {
    yield content;
  };
  return {
    path,
    kind,
    mode,
    uid: 0,
    gid: 0,
    mtime: 1_000_000_000,
    size: content.length,
    open,
    ...rest,
  } as const;
}

/** A layer's tar, whole. */
export async function tarOfEntries(...entries: readonly TarEntry[]): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(tarOf(entries)));
}
