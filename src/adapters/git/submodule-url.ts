import { resolve } from 'node:path';

const ALLOWED = new Set(['https', 'http', 'ssh', 'git']);

/**
 * The address of a submodule: one that begins with `./` or `../` is taken relative to that of the repository that holds
 * it, as git does it (`relative_url` in git's remote.c). Throws `RangeError` with the reason where none comes out.
 */
export function resolveSubmoduleUrl(url: string, base: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  let left = base.replace(/\/+$/, '');
  let right = url;
  let separator = '/';
  for (let dots = /^\.\.?\//.exec(right); dots !== null; dots = /^\.\.?\//.exec(right)) {
    right = right.slice(dots[0].length);
    if (dots[0] !== '../') continue;
    const slash = left.lastIndexOf('/');
    const cut = slash === -1 ? left.lastIndexOf(':') : slash;
    if (cut === -1 || /^[a-z][a-z0-9+.-]*:\/{1,2}[^/]*$/i.test(left))
      throw new RangeError('it leads above its host');
    if (slash === -1) separator = ':';
    left = left.slice(0, cut);
  }
  return `${left}${separator}${right}`.replace(/\/$/, '');
}

/** Whether an address is a folder of this machine. */
export function isLocalUrl(url: string): boolean {
  if (/^file:\/\//i.test(url)) return true;
  const colon = url.indexOf(':');
  return colon === -1 || url.slice(0, colon).includes('/');
}

/** The address of a folder of this machine, as it reads anywhere; `top` is that of the clone which names it. */
export function localAddress(url: string, top: string): string {
  return url.startsWith('file:') ? url : resolve(top, url);
}

/**
 * Why an address is not fetched from: it would be taken as an option (CVE-2018-17456), it runs a program (`ext::`), or
 * it reads folders of this machine for a repository that came from elsewhere (CVE-2022-39253).
 */
export function faultOfUrl(url: string, { local }: { readonly local: boolean }): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x1f\x7f]/.test(url)) return 'its address holds control characters';
  if (url === '' || url.startsWith('-')) return `its address "${url}" looks like an option`;
  if (url.includes('::')) return `its address names a remote helper ("${url.split('::', 1)[0] ?? ''}::")`;
  if (isLocalUrl(url))
    return local ? undefined : 'its address is a folder, and the repository comes from elsewhere';
  return faultOfHost(url);
}

function faultOfHost(url: string): string | undefined {
  const [prefix = '', scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  if (scheme !== undefined && !ALLOWED.has(scheme.toLowerCase())) return `nothing is fetched by "${scheme}"`;
  return /^(?:[^/@]*@)?-/.test(url.slice(prefix.length)) ? 'its host looks like an option' : undefined;
}
