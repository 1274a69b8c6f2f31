import * as z from 'zod';
import type { OpenPullRequests } from '../../prune/remote-refs.ts';
import { createApiClient, type ApiRequest } from './api-client.ts';
import { directTransport } from './direct-transport.ts';
import type { BitbucketOptions } from './forge.ts';
import { valuesOf } from './pages.ts';
import { PULL_REQUESTS } from './scopes.ts';

const PullRequest = z.object({ id: z.number(), state: z.literal('OPEN') });

const REQUEST: ApiRequest = {
  method: 'GET',
  action: 'find the open pull requests',
  scope: PULL_REQUESTS,
  at: ['pullrequests'],
  // In an order to which only its end is added, so that `size` tells whether the rest moved from one page to another.
  query: { q: 'state = "OPEN"', sort: 'id', pagelen: '50', fields: 'size,next,values.id,values.state' },
};

/** Asks Bitbucket Cloud for all pull requests of a repository that are open. */
export function createOpenPullRequests(options: BitbucketOptions): OpenPullRequests {
  const client = createApiClient(directTransport(options.credential, options.redactor), options);
  return {
    async list({ signal }) {
      const all = valuesOf(client, REQUEST, PullRequest, { signal, all: true });
      return await Array.fromAsync(all, ({ id }) => id);
    },
  };
}
