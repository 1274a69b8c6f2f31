import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import { TOKEN_USER, type Credentials } from '../../oci/credential-source.ts';

const Auth = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
type Auth = z.infer<typeof Auth>;

/**
 * The part of Docker's `config.json` that is about credentials
 * (https://docs.docker.com/reference/cli/docker/login/#credential-stores).
 */
export const DockerConfig = z.looseObject({
  auths: z.record(z.string(), Auth).nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});
export type DockerConfig = Readonly<z.infer<typeof DockerConfig>>;

/** Docker Hub's entry in configuration files, kept from the time of its first index. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/**
 * Reads `config.json` in `directory`; an absent one is empty. Throws `PreheatError` (usage) for one that cannot be
 * read; never tells its content.
 */
export async function readDockerConfig(directory: string): Promise<DockerConfig> {
  const path = join(directory, 'config.json');
  try {
    return DockerConfig.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    // A JSON error quotes the text around it, which may be a secret.
    const why = code === undefined ? 'it is no Docker configuration' : messageOf(thrown);
    throw new PreheatError(`cannot read ${path}: ${why}`, {
      phase: 'usage',
      code: 'usage',
      hint: 'Repair the file, or point DOCKER_CONFIG at another folder.',
    });
  }
}

/** The names under which a registry may stand in a configuration file, best first. */
export function configKeys(registry: string): readonly string[] {
  if (registry === 'docker.io' || registry === 'registry-1.docker.io')
    return [DOCKER_HUB_KEY, 'docker.io', 'index.docker.io', 'registry-1.docker.io'];
  return [registry, `https://${registry}`, `https://${registry}/`, `http://${registry}`];
}

/** The helper program that keeps a registry's credentials, and the name that it knows the registry by. */
export function helperFor(config: DockerConfig, registry: string) {
  const [key = registry] = configKeys(registry);
  const own = configKeys(registry).find((name) => config.credHelpers?.[name] !== undefined);
  if (own !== undefined) return { helper: config.credHelpers?.[own] ?? '', server: own };
  return config.credsStore ? { helper: config.credsStore, server: key } : undefined;
}

/** The credentials that stand in the file itself. */
export function inlineCredentials(config: DockerConfig, registry: string): Credentials | undefined {
  for (const key of configKeys(registry)) {
    const entry = config.auths?.[key];
    const found = entry === undefined ? undefined : credentialsIn(entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

function credentialsIn(entry: Auth): Credentials | undefined {
  if (entry.identitytoken) return { username: TOKEN_USER, password: entry.identitytoken };
  if (entry.auth) return splitAuth(entry.auth);
  if (entry.username && entry.password) return { username: entry.username, password: entry.password };
  return undefined;
}

function splitAuth(auth: string): Credentials | undefined {
  // Docker has written trailing NULs into decoded values: https://github.com/moby/moby/issues/29571
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
