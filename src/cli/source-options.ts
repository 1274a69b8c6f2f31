import type { SourceTreeOptions } from '../adapters/git/laying-options.ts';
import type { Sources } from './open-sources.ts';
import type { Session } from './session.ts';

/** Where Pipelines puts the key of the repository (https://support.atlassian.com/bitbucket-cloud/docs/using-ssh-keys/). */
const PIPELINES_SSH = '/opt/atlassian/pipelines/agent/ssh';

/** How sources are laid down: the options, and what submodules are fetched with. */
export function sourceOptions(
  { proxy, openFolder, readers }: Pick<Sources, 'proxy' | 'openFolder'> & Partial<Pick<Sources, 'readers'>>,
  { settings, environment, redactor, log }: Session,
): SourceTreeOptions {
  const { submodules, lfs, 'ssh-key': key, 'ssh-known-hosts': knownHosts } = settings;
  if (key !== undefined) {
    redactor.add(key);
    redactor.add(Buffer.from(key, 'base64').toString('latin1'));
  }
  return {
    submodules,
    lfs,
    ssh: {
      ...(key === undefined ? {} : { key }),
      ...(knownHosts === undefined ? {} : { knownHosts }),
      keyFile: environment['BITBUCKET_SSH_KEY_FILE'] || `${PIPELINES_SSH}/id_rsa`,
      knownHostsFile: `${PIPELINES_SSH}/known_hosts`,
    },
    ...(proxy === undefined ? {} : { proxy }),
    ...(openFolder === undefined ? {} : { openFolder }),
    ...(readers && { readers }),
    tell: (line) => log.warn(line),
  };
}
