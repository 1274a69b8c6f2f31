import type { ForgeExaminer } from '../../doctor/forge-examiner.ts';
import type { Redactor } from '../../kernel/redact.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { callApi } from './call-api.ts';
import type { BitbucketCredential } from './credential.ts';
import { directTransport } from './direct-transport.ts';
import type { NeededScope } from './refusal.ts';
import { BITBUCKET_API, repositoryUrl, type BitbucketRepository } from './repository-url.ts';
import { PULL_REQUESTS, STATUSES } from './scopes.ts';

export interface ExamineRightsOptions extends BitbucketRepository {
  readonly baseUrl?: string;
  readonly credential: BitbucketCredential;
  /** Learns every form of the credential, and masks it in what is thrown. */
  readonly redactor: Redactor;
}

/**
 * The doctor's examiner of a token: reading takes the same scopes as what preheat writes
 * (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication).
 */
export function createRightsExaminer(options: ExamineRightsOptions): ForgeExaminer {
  const { baseUrl = BITBUCKET_API, redactor, credential } = options;
  const transport = directTransport(credential, redactor);
  const read = async (
    action: string,
    path: readonly string[],
    scope: NeededScope,
    { signal }: CallOptions,
  ): Promise<void> => {
    const url = repositoryUrl(baseUrl, options, path, action);
    await callApi({ method: 'GET', url, transport, action, scope, redactor, signal });
  };
  return {
    readStatuses: async (commit, call) =>
      await read('read the build statuses', ['commit', commit, 'statuses'], STATUSES, call),
    readPullRequests: async (call) =>
      await read('read the pull requests', ['pullrequests'], PULL_REQUESTS, call),
  };
}
