import { mkdtempDisposable, open, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import type { Phase } from '../../kernel/failure.ts';
import { temporaryFailure } from '../../kernel/temporary-failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { TOKEN_USER, type CredentialSource } from '../../oci/credential-source.ts';

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
 * arguments, which every user of the machine can see. On Linux the file has lost its name before anything is written to
 * it, so that no end of this program, not even by `kill -9`, leaves credentials on a disk. Throws a `PreheatError` of
 * `phase` where the temporary folder does not allow it.
 */
export async function writeRegistryConfig(
  registries: readonly string[],
  credentials: CredentialSource,
  { signal, phase }: CallOptions & { readonly phase: Phase },
): Promise<RegistryConfig> {
  const auths: Record<string, unknown> = {};
  for (const registry of new Set(registries)) {
    const found = await credentials.credentialsFor(registry, { signal });
    if (found !== undefined)
      auths[DOCKER_HUB_NAMES.has(registry) ? DOCKER_HUB_KEY : registry] = entryOf(found);
  }
  try {
    return await keepOpen(JSON.stringify({ auths }));
  } catch (thrown) {
    throw temporaryFailure(tmpdir(), thrown, phase);
  }
}

async function keepOpen(text: string): Promise<RegistryConfig> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-auth-')));
  const path = join(folder.path, 'config.json');
  const file = stack.use(await open(path, 'wx', 0o600));
  const isNameless = platform() === 'linux';
  if (isNameless) await rm(folder.path, { recursive: true });
  await file.writeFile(text);
  const owned = stack.move();
  return {
    // Programs of the same user open an open file of ours by this name (proc(5), "/proc/pid/fd"), each from its start.
    path: isNameless ? `/proc/${pid}/fd/${file.fd}` : path,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function entryOf({ username, password }: { readonly username: string; readonly password: string }): object {
  if (username === TOKEN_USER) return { identitytoken: password };
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}
