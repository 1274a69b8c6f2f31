import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CredentialSource } from './oras-options.ts';

/** A credentials file for one call of oras; it is removed when it is disposed of. */
export interface RegistryConfig extends AsyncDisposable {
  readonly path: string;
}

/** Docker Hub's entry in configuration files, kept from the time of its first index. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** Under all its names oras looks Docker Hub up by that entry (oras-go, `ServerAddressFromHostname`). */
const DOCKER_HUB_NAMES = new Set(['docker.io', 'registry-1.docker.io']);

/**
 * Writes the credentials for `registries` into a file of Docker's configuration format that only this user can read.
 * Always a file of our own, even an empty one, so that oras neither reads the user's nor runs a helper again; never
 * arguments, which every user of the machine can see.
 */
export async function writeRegistryConfig(
  registries: readonly string[],
  credentials: CredentialSource,
  options: CallOptions,
): Promise<RegistryConfig> {
  const auths: Record<string, unknown> = {};
  for (const registry of new Set(registries)) {
    const found = await credentials.credentialsFor(registry, options);
    if (found !== undefined)
      auths[DOCKER_HUB_NAMES.has(registry) ? DOCKER_HUB_KEY : registry] = entryOf(found);
  }
  const directory = await mkdtemp(join(tmpdir(), 'preheat-auth-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const path = join(directory, 'config.json');
  try {
    await writeFile(path, JSON.stringify({ auths }), { mode: 0o600 });
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

function entryOf({ username, password }: { readonly username: string; readonly password: string }): object {
  if (username === '<token>') return { identitytoken: password };
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}
