import type { NeededScope } from './refusal.ts';

/** Reading is enough to set a status (OpenAPI description, `statuses/build`). */
export const STATUSES: NeededScope = { accessToken: 'repository', apiToken: 'read:repository:bitbucket' };

/**
 * The description of the operation asks for the right to read; the chapter about scopes of API tokens names another one for
 * "uploading code-insights" (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#forge-app-and-api-token-scopes).
 */
export const REPORTS: NeededScope = { ...STATUSES, alsoApiToken: 'write:pipeline:bitbucket' };

/** Reading is enough to comment, too. */
export const PULL_REQUESTS: NeededScope = {
  accessToken: 'pullrequest',
  apiToken: 'read:pullrequest:bitbucket',
};
