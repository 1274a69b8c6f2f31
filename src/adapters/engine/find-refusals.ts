import type { HostConfig } from 'dockerode';
import type { ContainerTrial } from '../../doctor/engine-examiner.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { createContainer } from './create-container.ts';
import type { EngineClient } from './engine-client.ts';
import { engineWords, statusOf } from './engine-failure.ts';
import { removeContainer } from './remove-container.ts';

/** What the Docker of Bitbucket Pipelines refuses (https://support.atlassian.com/bitbucket-cloud/docs/run-docker-commands-in-bitbucket-pipelines/#Restricted-commands). */
const ASKED: readonly (readonly [what: string, host: HostConfig])[] = [
  ['privileged containers', { Privileged: true }],
  ['mounts', { Mounts: [{ Type: 'tmpfs', Source: '', Target: '/trial' }] }],
  ['security options', { SecurityOpt: ['no-new-privileges'] }],
];

/**
 * Which of a few kinds of containers an engine forbids (HTTP status 403). Those that it allows are removed at once and
 * never started. An engine that cannot make one for a reason of its own forbids nothing.
 */
export async function findRefusals(
  client: EngineClient,
  { image, labels }: { readonly image: string; readonly labels: Readonly<Record<string, string>> },
  options: CallOptions,
): Promise<ContainerTrial['refusals']> {
  const refusals: ContainerTrial['refusals'][number][] = [];
  for (const [what, HostConfig] of ASKED) {
    const spec = { Image: image, Entrypoint: ['/nothing'], Labels: { ...labels }, HostConfig };
    try {
      await removeContainer(client, await createContainer(client, spec, options));
    } catch (thrown) {
      options.signal.throwIfAborted();
      if (!(thrown instanceof PreheatError)) throw thrown;
      if (statusOf(thrown.cause) === 403)
        refusals.push({ what, words: engineWords(thrown.cause ?? messageOf(thrown)) });
    }
  }
  return refusals;
}
