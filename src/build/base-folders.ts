import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { SOURCE_MTIME } from '../oci/tar-times.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { Container } from './engine.ts';

/** A folder of the base for which a source layer brings an entry too: a checkout's, or one above it. */
export interface BaseFolder {
  /** Without a leading slash; raw bytes as latin1 text. */
  readonly path: string;
  /** As the base has it, such as 0o1777. */
  readonly mode: number;
}

/** Finds the folders that lead to checkouts, and their own, in a container into which no sources were put yet. */
export async function findBaseFolders(
  container: Container,
  checkouts: readonly string[],
  options: CallOptions,
): Promise<readonly BaseFolder[]> {
  const found = new Map<string, BaseFolder>();
  for (const checkout of checkouts) {
    for (const path of pathsTo(checkout)) {
      const sight = found.has(path) ? undefined : await container.look(`/${path}`, options);
      if (sight?.kind === 'folder')
        found.set(path, { path: Buffer.from(path).toString('latin1'), mode: sight.mode });
      if (!found.has(path)) break;
    }
  }
  return [...found.values()];
}

/** The folders that lead to a path and the path itself, outermost first, without leading slashes. */
function pathsTo(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

/**
 * A tar that gives such folders the base's modes again once the sources lie there. Their owner is whom the sources
 * belong to: Gitpod's tasks own `/workspace` and may write beside the checkout.
 */
export function baseFoldersTar(
  folders: readonly BaseFolder[],
  { uid, gid }: Owner,
): AsyncIterable<Uint8Array> {
  return tarOf(
    folders.map(({ path, mode }) => ({
      path,
      kind: 'directory',
      mode,
      uid,
      gid,
      mtime: SOURCE_MTIME,
      size: 0,
    })),
  );
}
