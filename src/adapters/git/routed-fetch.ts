import type { CallOptions } from '../../oci/content-store.ts';
import type { SshAccess } from './ssh-access.ts';
import { isLocalUrl } from './submodule-url.ts';

/** How repositories other than the pushed one are reached. */
export interface Route {
  readonly ssh: () => Promise<SshAccess>;
  /** The step's proxy and the host that may be asked through it. */
  readonly proxied: { readonly proxy: string; readonly host: string } | undefined;
}

/** One way to ask a repository. */
export interface Way {
  readonly url: string;
  /** For `GIT_SSH_COMMAND`. */
  readonly sshCommand: string;
  /** The step's proxy, where `url` is asked through it. */
  readonly proxy?: string;
}

/**
 * Asks a repository through the step's proxy where it lies on the proxied host, else and then by its own address. The
 * proxy reads what the step may read; that may be the pushed repository alone, so what it does not give is no failure yet.
 */
export async function askRouted<T>(
  url: string,
  { ssh, proxied }: Route,
  ask: (way: Way) => Promise<T>,
  { signal }: CallOptions,
): Promise<T> {
  const isOverSsh = !isLocalUrl(url) && !/^(?:https?|git):\/\//i.test(url);
  const sshCommand = isOverSsh ? (await ssh()).command : 'false';
  const address = URL.parse(url);
  if (proxied !== undefined && address?.host === proxied.host && /^https?:$/.test(address.protocol)) {
    const way = { url: `http://${address.host}${address.pathname}`, sshCommand, proxy: proxied.proxy };
    try {
      return await ask(way);
    } catch {
      signal.throwIfAborted();
    }
  }
  return await ask({ url, sshCommand });
}
