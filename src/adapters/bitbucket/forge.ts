import { systemClock, type Clock } from '../../kernel/clock.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { HTTP_POLICY, repeatable } from '../../kernel/repeat-http.ts';
import { retry } from '../../kernel/retry.ts';
import type { Forge } from '../../report/forge.ts';
import { authorizationOf, type BitbucketCredential } from './credential.ts';
import { callApi, type ApiCall } from './call-api.ts';
import type { NeededScope } from './refusal.ts';
import { BITBUCKET_API, repositoryUrl, type BitbucketRepository } from './repository-url.ts';

export interface BitbucketOptions extends BitbucketRepository {
  /** `https://api.bitbucket.org/2.0` by default; a slash at its end does no harm. */
  readonly baseUrl?: string;
  readonly credential: BitbucketCredential;
  /** Learns every form of the credential, and masks it in what is thrown. */
  readonly redactor: Redactor;
  readonly clock?: Clock;
  /** A number in [0, 1) for the jitter. */
  readonly random?: () => number;
}

const ACTION = 'report the build status';
/** Reading is enough to set a status (OpenAPI description, `statuses/build`). */
const SCOPE: NeededScope = { accessToken: 'repository', apiToken: 'read:repository:bitbucket' };

/**
 * Reports to Bitbucket Cloud (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/).
 * Repeats a call up to three times on 408, 429, 5xx and network failures: a status is upserted by its key, so a
 * repeated one does no harm.
 */
export function createBitbucketForge(options: BitbucketOptions): Forge {
  const { baseUrl = BITBUCKET_API, redactor, credential } = options;
  const authorization = authorizationOf(credential, redactor);
  return {
    async setStatus({ commit, ...body }, { signal }) {
      const url = repositoryUrl(baseUrl, options, ['commit', commit, 'statuses', 'build'], ACTION);
      const call = { method: 'POST', url, authorization, body: { ...body }, action: ACTION } as const;
      await repeated({ ...call, scope: SCOPE, redactor, signal }, options);
    },
  };
}

async function repeated(call: ApiCall, { clock = systemClock, random }: BitbucketOptions): Promise<void> {
  let last: unknown;
  try {
    await retry(() => callApi(call), {
      policy: HTTP_POLICY,
      clock,
      signal: call.signal,
      retryable: repeatable,
      onRetry: (thrown) => (last = thrown),
      ...(random === undefined ? {} : { random }),
    });
  } catch (thrown) {
    // When the deadline ends the waiting between two attempts, the failure of the last one says more.
    throw call.signal.aborted ? (last ?? thrown) : thrown;
  }
}
