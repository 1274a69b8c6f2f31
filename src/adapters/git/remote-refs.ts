import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { KnownRefs, RemoteRefs } from '../../prune/remote-refs.ts';
import { findClone } from './clone-gaps.ts';
import type { Clone } from './clone.ts';
import { askRemote } from './fetch-call.ts';
import { initialise } from './fetch-commit.ts';
import { askGit, runGit, type GitPlace } from './git-command.ts';
import { routeTo, shownUrl, type Origin, type OriginAccess } from './origin.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** One question without contents. */
const ASK_BOUND_MS = 2 * 60_000;
const REFS = ['refs/heads/*', 'refs/tags/*'] as const;

export interface RemoteRefsOptions {
  /** The top folder of a clone, or the folder in which none was made. */
  readonly directory: string;
  readonly origin: Origin;
  /** Whether branches and tags of the clone itself count as well. */
  readonly withOwn: boolean;
  readonly git?: string;
}

/**
 * Asks the origin of a clone which branches and tags it has at this moment, since what the clone knows of them may be old. A
 * clone without an origin is asked itself.
 */
export function openRemoteRefs(options: RemoteRefsOptions): RemoteRefs {
  return {
    async list({ signal }) {
      const { directory, origin, git, withOwn } = options;
      const clone = await findClone(directory, git, { signal });
      const url = await urlOf(origin, clone, { signal });
      if (url === undefined) return await withoutOrigin(clone, directory, { signal });
      const own = withOwn && clone !== undefined ? await ownRefs(clone, { signal }) : NO_REFS;
      const remote = refsIn(await ask(clone, { origin, url }, options, { signal }), '\t');
      if (remote.branches.size === 0) throw noBranches(url);
      return {
        branches: new Map([...own.branches, ...remote.branches]),
        tags: new Set([...own.tags, ...remote.tags]),
      };
    },
  };
}

const NO_REFS: KnownRefs = { branches: new Map(), tags: new Set() };

async function urlOf(
  origin: Origin,
  clone: Clone | undefined,
  { signal }: CallOptions,
): Promise<string | undefined> {
  if (origin.kind === 'proxied' || clone === undefined) return origin.url;
  const call = { signal, purpose: 'read the remote of the clone' };
  const own = await askGit(clone.place, ['config', '--get', 'remote.origin.url'], call);
  return own?.toString('utf8').trimEnd();
}

async function withoutOrigin(
  clone: Clone | undefined,
  directory: string,
  { signal }: CallOptions,
): Promise<KnownRefs> {
  if (clone !== undefined) return await ownRefs(clone, { signal });
  throw new PreheatError(`cannot tell which branches there are: there is no clone in ${directory}`, {
    phase: 'observe',
    code: 'not-found',
    hint: 'Run it in a clone of the repository, or name one with --repository.',
  });
}

async function ownRefs({ place }: Clone, { signal }: CallOptions): Promise<KnownRefs> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags'];
  const listed = await runGit(place, args, { signal, purpose: 'list the branches of the clone' });
  return refsIn(listed.toString('utf8'), ' ');
}

async function ask(
  clone: Clone | undefined,
  { origin, url }: Pick<OriginAccess, 'origin' | 'url'>,
  { git: program = 'git' }: RemoteRefsOptions,
  { signal }: CallOptions,
): Promise<string> {
  await using folder = await openTemporaryFolder('refs');
  // In the clone its own address would come before that at the proxy.
  const own = origin.kind === 'own' ? clone : undefined;
  const place: GitPlace = own?.place ?? {
    program,
    phase: 'observe',
    directory: folder.path,
    environment: { GIT_DIR: folder.path },
  };
  const access = { origin, url, configuration: own?.configuration, boundMs: ASK_BOUND_MS };
  const purpose = `ask ${shownUrl(access)} which branches there are`;
  const call = { signal, purpose };
  if (own === undefined) await initialise(place, 'sha1', call);
  const { from, settings } = routeTo(place, access);
  const answer = await askRemote(from, ['ls-remote', '--quiet', 'origin', ...REFS], {
    ...call,
    url,
    boundMs: ASK_BOUND_MS,
    hintFor: () => hintFor(origin),
    settings,
  });
  return answer?.toString('utf8') ?? '';
}

function hintFor(origin: Origin): string {
  return origin.kind === 'proxied'
    ? `See that it can be reached through ${origin.proxy} (STEP_PROXY names another proxy).`
    : 'Make "origin" of the clone reachable from here, with the rights of who runs this.';
}

/** Reads `<id><separator><ref>`, one a line; `ls-remote` tells of a tag's commit in a further line that ends in `^{}`. */
function refsIn(listed: string, separator: string): KnownRefs {
  const branches = new Map<string, string>();
  const tags = new Set<string>();
  for (const line of listed.split('\n')) {
    const at = line.indexOf(separator);
    const [id, ref] = [line.slice(0, at), line.slice(at + 1)];
    const [, kind, name = ''] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
    if (kind === 'heads') branches.set(name, id);
    if (kind === 'tags') tags.add(name.replace(/\^\{\}$/, ''));
  }
  return { branches, tags };
}

/** A repository without branches has nothing that could have been built: more likely it is the wrong one. */
function noBranches(url: string): PreheatError {
  return new PreheatError(
    `cannot tell which branches there are: ${shownUrl({ origin: { kind: 'own' }, url })} has none`,
    {
      phase: 'observe',
      code: 'not-found',
      hint: 'Check the remote "origin" of the clone.',
    },
  );
}
