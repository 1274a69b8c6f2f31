import type { AuthConfigObject } from 'dockerode';
import type { CallOptions } from '../../oci/content-store.ts';
import { TOKEN_USER, type CredentialSource } from '../../oci/credential-source.ts';

/** The name under which Docker's clients keep the credentials of Docker Hub. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** The user name that marks the password as an identity token (docker-credential-helpers). */

/**
 * The engine's `X-Registry-Auth` for a registry (Engine API, "Authentication"); `undefined` where there are no
 * credentials.
 */
export async function registryAuth(
  registry: string,
  credentials: CredentialSource,
  options: CallOptions,
): Promise<AuthConfigObject | undefined> {
  const found = await credentials.credentialsFor(registry, options);
  if (found === undefined) return undefined;
  const serveraddress = registry === 'docker.io' ? DOCKER_HUB : registry;
  if (found.username === TOKEN_USER) return { identitytoken: found.password, serveraddress };
  return { username: found.username, password: found.password, serveraddress };
}
