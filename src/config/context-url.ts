/** What an address of a repository in a `.gitpod.yml` means: Gitpod took all that a browser shows of one. */
export interface ContextUrl {
  /** What git asks. */
  readonly address: string;
  /** The branch that it names, if any. */
  readonly branch?: string;
  /** The full object id of the commit that it names, if any. */
  readonly commit?: string;
  /** The last part of the repository's path: Gitpod named its folder so. */
  readonly name: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
/** Behind an owner and a repository, whose own names may be any; a group of GitLab's may be called so too. */
const REQUEST =
  /^\/[^/]+\/[^/]+.*\/(?:-\/)?(?:pull|pull-requests|merge_requests|issues)(?:\/\d+(?:\/.*)?)?\/*$/;
/** Of GitHub, GitLab (`/-/`) and Bitbucket: what shows the files of a branch or commit. */
const PLACE = /^(\/[^/]+\/[^/]+?(?:\/[^/]+?)*?)\/(?:-\/)?(?:tree|src|commits?)\/(.+?)\/*$/;

/**
 * Reads an address: of a repository, or of a branch or commit in one as GitHub, GitLab and Bitbucket show them.
 * `undefined` for what names no branch (a pull request, an issue).
 */
export function contextUrl(written: string): ContextUrl | undefined {
  const url = /^https?:/i.test(written) ? URL.parse(written) : null;
  if (url === null) return { address: written, name: nameOf(written) };
  if (REQUEST.test(url.pathname)) return undefined;
  const [, path = url.pathname, place] = url.pathname.endsWith('.git')
    ? []
    : (PLACE.exec(url.pathname) ?? []);
  url.pathname = path;
  url.search = '';
  url.hash = '';
  const address = url.href;
  const name = nameOf(path);
  if (place === undefined) return { address, name };
  const ref = decoded(place);
  if (ref === undefined) return undefined;
  return COMMIT.test(ref) ? { address, name, commit: ref } : { address, name, branch: ref };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function nameOf(path: string): string {
  return /([^/:]+?)(?:\.git)?\/*$/.exec(path)?.[1] ?? path;
}

/** Whether two addresses lead to one repository: over HTTP or SSH, with a user or without, with `.git` or without. */
export function isSameRepository(address: string, other: string): boolean {
  return placeOf(address) === placeOf(other);
}

function placeOf(address: string): string {
  const url = /^(?:https?|ssh|git):\/\//i.test(address) ? URL.parse(address) : null;
  const [, host, path = ''] =
    url === null
      ? (/^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.*)$/.exec(address) ?? [])
      : ['', /^https?:$/.test(url.protocol) ? url.host : url.hostname, url.pathname];
  const place =
    host === undefined
      ? address.replace(/^file:\/\//i, '')
      : `${host.toLowerCase()}:/${path.replace(/^\/+/, '')}`;
  return place.replace(/\/+$/, '').replace(/\.git$/, '');
}
