import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import { askGit, gitPlaceIn } from './git-command.ts';
import { isLocalUrl, localAddress } from './submodule-url.ts';

/**
 * What relative addresses of submodules are relative to where the push names no remote: the clone's own, such as a
 * folder of this machine, else the clone (https://git-scm.com/docs/git-submodule, "add").
 */
export async function cloneOrigin({ place }: Clone, { signal }: CallOptions): Promise<string> {
  const top = place.trusted ?? place.directory;
  const call = { signal, purpose: 'read the remote of the clone' };
  const origin = await askGit(place, ['config', '--get', 'remote.origin.url'], call);
  const url = origin?.toString('utf8').replace(/\n$/, '') ?? '';
  if (url === '') return top;
  return isLocalUrl(url) ? localAddress(url, top) : url;
}

/** The same for the clone in (or above) a folder, where nothing else tells its remote. */
export async function readCloneOrigin(
  directory: string,
  { signal, git }: CallOptions & { readonly git?: string },
): Promise<string> {
  const clone = await openClone(await gitPlaceIn(directory, 'observe', git), { signal });
  return await cloneOrigin(clone, { signal });
}
