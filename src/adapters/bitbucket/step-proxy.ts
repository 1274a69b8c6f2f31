import type { StepProxyExaminer } from '../../doctor/forge-examiner.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { callApi } from './call-api.ts';
import { BITBUCKET_API, repositoryUrl, type BitbucketRepository } from './repository-url.ts';
import { REPORTS } from './scopes.ts';
import { stepProxyTransport } from './step-proxy-transport.ts';

export interface StepProxyOptions extends BitbucketRepository {
  /** `http://host:port`. */
  readonly address: string;
  readonly baseUrl?: string;
  readonly redactor: Redactor;
}

const ACTION = 'read reports through the proxy of the step';

/** The doctor's examiner of the proxy that adds the step's own credential. */
export function createStepProxyExaminer(options: StepProxyOptions): StepProxyExaminer {
  const { address, baseUrl = BITBUCKET_API, redactor } = options;
  const transport = stepProxyTransport(address);
  return {
    address,
    async readReports(commit, { signal }) {
      const url = repositoryUrl(baseUrl, options, ['commit', commit, 'reports'], ACTION);
      const call = { method: 'GET', url, transport, action: ACTION, scope: REPORTS } as const;
      await callApi({ ...call, redactor, signal });
    },
  };
}
