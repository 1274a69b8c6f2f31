import * as z from 'zod';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Forge } from '../../report/forge.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';
import { valuesOf } from './pages.ts';
import { queryText } from './query-text.ts';
import { PULL_REQUESTS } from './scopes.ts';

const ACTION = 'find the pull requests of the commit';

const Repository = z.object({ uuid: z.string() }).nullish();
const PullRequest = z.object({
  id: z.number(),
  state: z.string().nullish(),
  source: z.object({ commit: z.object({ hash: z.string() }).nullish(), repository: Repository }).nullish(),
  destination: z.object({ repository: Repository }).nullish(),
});
type PullRequest = z.infer<typeof PullRequest>;

/** All that is asked of each: a pull request is a large document. */
const FIELDS = [
  'next',
  'values.id',
  'values.state',
  'values.source.commit.hash',
  'values.source.repository.uuid',
  'values.destination.repository.uuid',
].join(',');

const COMMON = { method: 'GET', action: ACTION, scope: PULL_REQUESTS } as const;
const PAGE = { pagelen: '50', fields: FIELDS } as const;

/** Pull requests (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/). */
export function pullRequestsOf(client: ApiClient): Pick<Forge, 'findPullRequests'> {
  return {
    async findPullRequests(commit, branch, options) {
      const all =
        branch === undefined
          ? await byCommit(client, commit, options)
          : await byBranch(client, branch, options);
      const numbers = all.filter((one) => isOfCommit(one, commit)).map(({ id }) => id);
      return numbers.toSorted((a, b) => a - b);
    },
  };
}

/**
 * Asked only where no branch is known: few repositories have the index of commits, which an app makes. Without it the forge
 * answers 404, 202 while it is being made, or knows nothing of a commit that was just pushed. It may also leave out all that
 * tells a pull request, which then counts as none.
 */
async function byCommit(
  client: ApiClient,
  commit: string,
  { signal }: CallOptions,
): Promise<readonly PullRequest[]> {
  const request: ApiRequest = {
    ...COMMON,
    at: ['commit', commit, 'pullrequests'],
    query: PAGE,
    accept: [404],
  };
  const first = await client.call(request, { signal });
  if (first.status !== 200) return [];
  return await Array.fromAsync(valuesOf(client, request, PullRequest, { signal, first }));
}

async function byBranch(
  client: ApiClient,
  branch: string,
  { signal }: CallOptions,
): Promise<readonly PullRequest[]> {
  const q = `source.branch.name = ${queryText(branch)} AND state = "OPEN"`;
  const request: ApiRequest = { ...COMMON, at: ['pullrequests'], query: { q, ...PAGE } };
  return await Array.fromAsync(valuesOf(client, request, PullRequest, { signal }));
}

/** Whether it is open, comes from the repository itself rather than a fork, and its newest commit is this one. */
function isOfCommit({ state, source, destination }: PullRequest, commit: string): boolean {
  // Bitbucket cuts the hashes in pull requests to 12 characters.
  const hash = source?.commit?.hash ?? '';
  const from = source?.repository?.uuid;
  const isOurs = from !== undefined && from === destination?.repository?.uuid;
  return state === 'OPEN' && isOurs && hash.length >= 7 && commit.startsWith(hash);
}
