import type { Clock } from '../../kernel/clock.ts';
import type { Redactor } from '../../kernel/redact.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { askHelper } from './credential-helper.ts';
import { helperFor, inlineCredentials, readDockerConfig, type Credentials } from './docker-config.ts';

export interface CredentialOptions {
  /** Folder of Docker's `config.json`: `$DOCKER_CONFIG`, else `~/.docker`. */
  readonly configDirectory: string;
  /** Credentials that were given for one registry; they come before the file's. */
  readonly explicit?: Credentials & { readonly registry: string };
  /** Learns every secret before anybody gets it. */
  readonly redactor: Redactor;
  readonly clock: Clock;
}

/** Where user names and passwords for registries come from; serves oras and the engine alike. */
export interface CredentialSource {
  /**
   * The credentials for `registry` (`host[:port]`, `docker.io` for Docker Hub), or `undefined` to ask as nobody. The
   * user name `<token>` says that the password is an identity token. Throws `PreheatError` for a configuration file
   * that cannot be read (usage) and for a helper that fails (observe, `unauthorized`).
   */
  credentialsFor(registry: string, options: CallOptions): Promise<Credentials | undefined>;
}

interface Remembered {
  readonly until: number;
  readonly credentials: Credentials | undefined;
}

/** Helpers take up to a second; the tokens of clouds live for an hour at least. */
const REMEMBERED_MS = 5 * 60 * 1000;

/**
 * Looks credentials up in Docker's own order (credHelpers, credsStore, auths), after those that were given explicitly.
 * An answer is remembered for five minutes.
 */
export function createCredentialSource(options: CredentialOptions): CredentialSource {
  const { explicit, redactor, clock } = options;
  const remembered = new Map<string, Remembered>();
  if (explicit !== undefined) redactor.add(explicit.password);
  return {
    async credentialsFor(registry, { signal }) {
      if (registry === explicit?.registry)
        return { username: explicit.username, password: explicit.password };
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
