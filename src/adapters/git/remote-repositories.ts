import { PreheatError, type Phase } from '../../kernel/failure.ts';
import type { RemoteRepositories, RemoteTip } from '../../observe/remote-repositories.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { askRemote } from './fetch-call.ts';
import { fetchCommit, hintsOf, initialise, placeFor } from './fetch-commit.ts';
import { FETCH_BOUND_MS, type SourceTreeOptions } from './laying-options.ts';
import { lazySshAccess } from './lazy-ssh-access.ts';
import { publicRemoteUrl } from './remote-url.ts';
import { askRouted, type Route, type Way } from './routed-fetch.ts';
import { faultOfUrl } from './submodule-url.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

export interface RemoteOptions
  extends
    Pick<SourceTreeOptions, 'git' | 'ssh' | 'tell' | 'fetchBoundMs' | 'openFolder'>,
    Pick<Route, 'proxied'> {
  /** Whether addresses may be folders of this machine. */
  readonly local: boolean;
}

/** A repository of one commit without its history, in a temporary folder that goes away with it. */
export interface FetchedRepository extends AsyncDisposable {
  readonly directory: string;
}

/** Other repositories, asked and fetched with the care that submodules get. */
export interface ReachedRepositories extends RemoteRepositories {
  /** Fetches one commit without its history. Throws a `PreheatError` of the phase. */
  fetch(address: string, commit: string, phase: Phase, options: CallOptions): Promise<FetchedRepository>;
}

/** What to do where another repository cannot be had. */
const ADVICE = {
  unreachable:
    'Give an address that can be read without a password, SSH_KEY for one over SSH, or take the repository out of .gitpod.yml.',
  gone: 'Push the commit there first, or name a branch.',
};
/** One question without contents. */
const ASK_BOUND_MS = 2 * 60_000;

/** Reaches other repositories by their addresses in a `.gitpod.yml`; nothing is contacted before the first call. */
export function openRemoteRepositories(options: RemoteOptions): ReachedRepositories {
  const { openFolder = openTemporaryFolder } = options;
  return {
    async findTips(address, branch, { signal }) {
      await using folder = await openFolder('remote');
      const ask = async (way: Way): Promise<string> =>
        await listTips(folder.path, way, branch, options, { signal });
      return tipsIn(await reach(address, 'observe', ask, options, { signal }), branch);
    },
    async fetch(address, commit, phase, { signal }) {
      await using stack = new AsyncDisposableStack();
      const { path: directory } = stack.use(await openFolder('remote'));
      const place = { phase, program: options.git ?? 'git' };
      const format = commit.length === 64 ? ('sha256' as const) : ('sha1' as const);
      const { fetchBoundMs: boundMs = FETCH_BOUND_MS } = options;
      const fetch = async (way: Way) =>
        await fetchCommit(directory, { ...way, commit, format, boundMs, advice: ADVICE }, place, { signal });
      await reach(address, phase, fetch, options, { signal });
      const owned = stack.move();
      return { directory, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
    },
  };
}

async function reach<T>(
  address: string,
  phase: Phase,
  ask: (way: Way) => Promise<T>,
  { ssh = {}, tell = () => {}, proxied, local }: RemoteOptions,
  { signal }: CallOptions,
): Promise<T> {
  const fault = faultOfUrl(address, { local });
  if (fault !== undefined) {
    throw new PreheatError(`cannot read repository ${publicRemoteUrl(address)}: ${fault}`, {
      phase,
      hint: 'Mend its address in .gitpod.yml.',
    });
  }
  await using access = lazySshAccess(ssh, tell);
  return await askRouted(address, { ssh: access.open, proxied }, ask, { signal });
}

async function listTips(
  folder: string,
  way: Way,
  branch: string | undefined,
  { git = 'git' }: RemoteOptions,
  { signal }: CallOptions,
): Promise<string> {
  const { place, settings } = placeFor(folder, way, { phase: 'observe', program: git });
  const purpose = `read the branches of repository ${publicRemoteUrl(way.url)}`;
  const { url } = way;
  const call = { signal, purpose, url, boundMs: ASK_BOUND_MS, hintFor: hintsOf(ADVICE), settings };
  await initialise(place, 'sha1', call);
  const refs = ['HEAD', ...(branch === undefined ? [] : [`refs/heads/${branch}`])];
  const listed = await askRemote(place, ['ls-remote', '--symref', '--end-of-options', url, ...refs], call);
  return listed?.toString('utf8') ?? '';
}

/** Reads `<id>\t<ref>` and `ref: <ref>\tHEAD`, one a line; git lists refs too of which a name is but the end. */
function tipsIn(listed: string, branch: string | undefined) {
  const ids = new Map<string, string>();
  for (const [, id = '', ref = ''] of listed.matchAll(/^([0-9a-f]{40,64})\t(.+)$/gm)) ids.set(ref, id);
  const [, head] = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(listed) ?? [];
  return {
    ofBranch: branch === undefined ? undefined : tipOf(ids.get(`refs/heads/${branch}`), branch),
    ofDefault: tipOf(ids.get('HEAD'), head),
  };
}

function tipOf(commit: string | undefined, branch: string | undefined): RemoteTip | undefined {
  return commit === undefined ? undefined : { commit, ...(branch !== undefined && { branch }) };
}
