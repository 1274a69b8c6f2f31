import type { CallOptions } from '../oci/content-store.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { SOURCE_MTIME } from '../oci/tar-times.ts';
import { tarOf } from '../oci/tar-writer.ts';
import { listedPaths, type CarriedKind, type ListedPaths } from './carried-paths.ts';
import type { PlacedFile } from './placed-file.ts';

/** The layer of what preheat itself puts into workspace images, the same for every image of a version. */
export interface RuntimeLayer {
  readonly layer: Layer;
  readonly carried: ListedPaths;
}

/** Only below this folder are folders ours; the attributes of `/usr/local/bin` and the like belong to the base. */
const OWN_ROOT = '.preheat';

/** Makes the runtime layer; its bytes depend on the files alone, in whatever order they come. */
export async function makeRuntimeLayer(
  files: readonly PlacedFile[],
  staging: Staging,
  options: CallOptions,
): Promise<RuntimeLayer> {
  const entries = runtimeEntries(files);
  const layer = await staging.addLayer('runtime', tarOf(entries), options);
  const kindOf = ({ kind }: TarEntry): CarriedKind => (kind === 'directory' ? kind : 'leaf');
  return { layer, carried: listedPaths(new Map(entries.map((entry) => [entry.path, kindOf(entry)]))) };
}

function runtimeEntries(files: readonly PlacedFile[]): readonly TarEntry[] {
  const placed = files.map((file) => ({ ...file, path: file.path.replace(/^\/+/, '') }));
  const folders = new Set(placed.flatMap(({ path }) => ownFoldersAbove(path)));
  return [
    ...[...folders].map((path) => entry({ path, kind: 'directory', mode: 0o755, size: 0 })),
    ...placed.map(({ path, mode, content }) =>
      entry({ path, kind: 'file', mode, size: content.byteLength, open: () => once(content) }),
    ),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function entry(fields: Omit<TarEntry, 'uid' | 'gid' | 'mtime'>): TarEntry {
  return { ...fields, uid: 0, gid: 0, mtime: SOURCE_MTIME };
}

function ownFoldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names
    .map((_, index) => names.slice(0, index + 1).join('/'))
    .filter((folder) => folder === OWN_ROOT || folder.startsWith(`${OWN_ROOT}/`));
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
