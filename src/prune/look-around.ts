import pMap from 'p-map';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { branchOfGitTag, DETACHED, tagSlug } from '../oci/tags.ts';
import type { CommitDates } from '../survey/commit-dates.ts';
import type { BranchHistory, OpenPullRequests, RemoteRefs } from './remote-refs.ts';
import type { Stock } from './stock.ts';
import type { PullRequestFacts, Surroundings } from './surroundings.ts';

const AT_ONCE = 2;

export interface SurroundingPorts {
  readonly remote: RemoteRefs;
  readonly history: BranchHistory;
  readonly dates: CommitDates;
  /** Absent where there is nobody to ask, or nothing to ask with. */
  readonly pullRequests: OpenPullRequests | undefined;
  readonly log: Log;
}

/**
 * Finds out what is alive around a stock. It is asked after the stock was taken: a branch that is made meanwhile has nothing
 * in it, and one that is there no more will not be missed. `always` are branches that count as there in any case.
 */
export async function lookAround(
  stock: Stock,
  always: readonly string[],
  ports: SurroundingPorts,
  options: CallOptions,
): Promise<Surroundings> {
  const { branches, tags } = await ports.remote.list(options);
  const names = [...branches.keys(), ...always, ...[...tags].map(branchOfGitTag), DETACHED];
  const commits = stock.flatMap(commitsOf);
  return {
    branches: new Set(names.map(tagSlug)),
    pullRequests: await askPullRequests(ports, options),
    positions: await positionsOf(branches, stock, new Set(commits), ports, options),
    dates: await datesOf(commits, ports, options),
  };
}

/** Of its tags, and what an image says itself: a hint to it may be all that is left. */
function commitsOf({ content, tags }: Stock[number]): readonly string[] {
  const named = tags.flatMap(({ known }) => (known !== undefined && 'commit' in known ? [known.commit] : []));
  return content.kind === 'image' && content.commit !== undefined ? [content.commit, ...named] : named;
}

async function askPullRequests(
  { pullRequests, log }: SurroundingPorts,
  options: CallOptions,
): Promise<PullRequestFacts> {
  if (pullRequests === undefined) return { kind: 'unasked' };
  try {
    return { kind: 'known', open: new Set(await pullRequests.list(options)) };
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(`${messageOf(thrown)}; the images of all pull requests are kept`);
    return { kind: 'unanswered' };
  }
}

/** Asked only of branches that have images, and kept only of commits that have. */
async function positionsOf(
  branches: ReadonlyMap<string, string>,
  stock: Stock,
  wanted: ReadonlySet<string>,
  { history }: SurroundingPorts,
  options: CallOptions,
): Promise<Surroundings['positions']> {
  const scopes = new Set(
    stock.flatMap(({ tags }) => tags.flatMap(({ known }) => (known?.kind === 'commit' ? [known.scope] : []))),
  );
  const scopesOf = (name: string): readonly string[] =>
    ['protected', 'branch'].map((kind) => `${kind}.${tagSlug(name)}`).filter((scope) => scopes.has(scope));
  const asked = [...branches].filter(([name]) => scopesOf(name).length > 0);
  const found = await pMap(
    asked,
    async ([name, tip]) => {
      const commits = await history.newestFirst(tip, options);
      const positions = commits.map((commit, position) => [commit, position] as const);
      const told = new Map(positions.filter(([commit]) => wanted.has(commit)));
      return scopesOf(name).map((scope) => [scope, told] as const);
    },
    { concurrency: AT_ONCE },
  );
  return new Map(found.flat());
}

async function datesOf(
  commits: readonly string[],
  { dates }: SurroundingPorts,
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  const found = await dates.datesOf([...new Set(commits)], options);
  return new Map([...found].map(([commit, time]) => [commit, Date.parse(time)]));
}
