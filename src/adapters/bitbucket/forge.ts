import type { Forge, InsightsForge } from '../../report/forge.ts';
import { createApiClient, type ApiClientOptions } from './api-client.ts';
import { commentsOf } from './comments.ts';
import type { BitbucketCredential } from './credential.ts';
import { directTransport } from './direct-transport.ts';
import { pullRequestsOf } from './pull-requests.ts';
import { reportsOf } from './reports.ts';
import { statusesOf } from './statuses.ts';
import { stepProxyTransport } from './step-proxy-transport.ts';

export interface BitbucketOptions extends ApiClientOptions {
  readonly credential: BitbucketCredential;
}

export interface StepProxyForgeOptions extends ApiClientOptions {
  /** `http://host:port`. */
  readonly address: string;
}

/** Tells Bitbucket Cloud (https://developer.atlassian.com/cloud/bitbucket/rest/) with a credential. */
export function createBitbucketForge(options: BitbucketOptions): Forge {
  const client = createApiClient(directTransport(options.credential, options.redactor), options);
  return { ...statusesOf(client), ...reportsOf(client), ...pullRequestsOf(client), ...commentsOf(client) };
}

/** Tells Bitbucket Cloud through the proxy of a step, which takes reports and nothing else. */
export function createStepProxyForge(options: StepProxyForgeOptions): InsightsForge {
  return reportsOf(createApiClient(stepProxyTransport(options.address), options));
}
