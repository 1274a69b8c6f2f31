import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { SOURCE_MTIME } from '../oci/tar-times.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { Container } from './engine.ts';

/** A folder of the base for which the source layer brings an entry too: the checkout's, or one above it. */
export interface BaseFolder {
  /** Without a leading slash; raw bytes as latin1 text. */
  readonly path: string;
  /** As the base has it, such as 0o1777. */
  readonly mode: number;
}

/** Finds the folders that lead to a checkout, and its own, in a container into which no sources were put yet. */
export async function findBaseFolders(
  container: Container,
  checkoutLocation: string,
  options: CallOptions,
): Promise<readonly BaseFolder[]> {
  const names = checkoutLocation.split('/').filter((name) => name !== '');
  const found: BaseFolder[] = [];
  for (const at of names.keys()) {
    const path = names.slice(0, at + 1).join('/');
    const sight = await container.look(`/${path}`, options);
    if (sight?.kind !== 'folder') break;
    found.push({ path: Buffer.from(path).toString('latin1'), mode: sight.mode });
  }
  return found;
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
