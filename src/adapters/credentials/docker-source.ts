import type { Clock } from '../../kernel/clock.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { askHelper } from './credential-helper.ts';
import type { Credentials, CredentialSource } from '../../oci/credential-source.ts';
import { helperFor, inlineCredentials, readDockerConfig } from './docker-config.ts';

export interface DockerSourceOptions {
  /** Folder of Docker's `config.json`: `$DOCKER_CONFIG`, else `~/.docker`. */
  readonly configDirectory: string;
  /** Learns every secret before anybody gets it. */
  readonly redactor: Redactor;
  readonly clock: Clock;
}

interface Remembered {
  readonly until: number;
  readonly credentials: Credentials | undefined;
}

/** Helpers take up to a second; the tokens of clouds live for an hour at least. */
const REMEMBERED_MS = 5 * 60 * 1000;

/**
 * Looks credentials up as Docker does (credHelpers, credsStore, auths); an answer is remembered for five minutes. Throws
 * `PreheatError` for a configuration file that cannot be read (usage) and for a helper that fails (observe,
 * `unauthorized`).
 */
export function createDockerSource(options: DockerSourceOptions): CredentialSource {
  const { redactor, clock } = options;
  const remembered = new Map<string, Remembered>();
  return {
    async credentialsFor(registry, { signal }) {
      const now = clock.now().getTime();
      const known = remembered.get(registry);
      if (known !== undefined && known.until > now) return known.credentials;
      const credentials = await lookUp(registry, options.configDirectory, signal);
      if (credentials !== undefined) redactor.add(credentials.password);
      remembered.set(registry, { until: now + REMEMBERED_MS, credentials });
      return credentials;
    },
  };
}

async function lookUp(
  registry: string,
  configDirectory: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const config = await readDockerConfig(configDirectory);
  const kept = helperFor(config, registry);
  const fromHelper = kept === undefined ? undefined : await askHelper(kept.helper, kept.server, signal);
  return fromHelper ?? inlineCredentials(config, registry);
}
