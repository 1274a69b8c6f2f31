import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { StepProxyExaminer } from '../../doctor/forge-examiner.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { BITBUCKET_API, repositoryUrl, type BitbucketRepository } from './repository-url.ts';

export interface StepProxyOptions extends BitbucketRepository {
  /** `http://host:port`. */
  readonly address: string;
  readonly baseUrl?: string;
}

const ACTION = 'read reports through the proxy of the step';
const HINT = 'Run preheat in a step of Pipelines or as a pipe; a build does without the proxy.';

/**
 * The doctor's examiner of the proxy that adds the step's own credential. It wants absolute addresses over plain HTTP
 * (RFC 9112, 3.2.2), which fetch cannot send, and it must never see a token of ours
 * (https://support.atlassian.com/bitbucket-cloud/docs/code-insights/#Authentication).
 */
export function createStepProxyExaminer(options: StepProxyOptions): StepProxyExaminer {
  const { address, baseUrl = BITBUCKET_API } = options;
  return {
    address,
    async readReports(commit, { signal }) {
      const url = repositoryUrl(baseUrl, options, ['commit', commit, 'reports'], ACTION);
      const { statusCode = 0, statusMessage = '' } = await answerOf(address, url, { signal });
      if (statusCode >= 200 && statusCode < 300) return;
      const why = `${address} answered ${statusCode} ${statusMessage}`.trimEnd();
      throw new PreheatError(`cannot ${ACTION}: ${why}`, { phase: 'report' });
    },
  };
}

async function answerOf(address: string, url: string, { signal }: CallOptions): Promise<IncomingMessage> {
  const path = url.replace(/^https:/, 'http:');
  const { hostname, port } = new URL(address);
  try {
    const headers = { host: new URL(path).host, accept: 'application/json' };
    const call = request({ hostname, port, path, method: 'GET', headers, agent: false, signal });
    const answer = await responseTo(call);
    answer.resume();
    return answer;
  } catch (thrown) {
    signal.throwIfAborted();
    throw new PreheatError(`cannot ${ACTION}: ${address}: ${messageOf(thrown)}`, {
      phase: 'report',
      code: 'unreachable',
      hint: HINT,
      cause: thrown,
    });
  }
}

async function responseTo(call: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  call.once('response', resolve);
  call.end();
  await once(call, 'response');
  return await promise;
}
