import { missingConfig, missingConfigFile, severalConfigs } from '../config/config-errors.ts';
import {
  CONFIG_FILE_NAMES,
  DEVCONTAINER_FOLDER,
  nestedConfigPaths,
  type ConfigFile,
} from '../config/config-file.ts';
import { starterFile } from '../config/starter/starter-file.ts';
import { LOOKED_INTO, type RepositoryLook } from '../config/starter/starter-task.ts';
import type { CommitFacts } from '../observe/facts.ts';
import { readConfigFile } from '../observe/observe-commit.ts';
import type { Repository } from '../observe/repository.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Session } from './session.ts';

/**
 * The configuration of a commit, as it is written: the one that `--config-file` names, else the first of the usual ones,
 * else the only one in a folder of `.devcontainer`. Throws a `PreheatError` of phase `config` where it has none, with one
 * that fits what it has instead, or where it has several.
 */
export async function findConfig(
  commit: CommitFacts,
  repository: Repository,
  { settings, signal }: Pick<Session, 'settings' | 'signal'>,
): Promise<ConfigFile> {
  const options = { signal };
  const wanted = settings['config-file'];
  const usual = wanted === undefined ? CONFIG_FILE_NAMES : [wanted];
  const file = await readConfigFile(commit, usual, repository, options);
  if (file !== undefined) return file;
  if (wanted !== undefined) throw missingConfigFile(wanted);
  const nested = await findNested(commit, repository, options);
  if (nested !== undefined) return nested;
  throw missingConfig('commit', starterFile(await lookInto(commit, repository, options)).text);
}

async function findNested(
  commit: CommitFacts,
  repository: Repository,
  options: CallOptions,
): Promise<ConfigFile | undefined> {
  const names = await repository.names(commit.id, DEVCONTAINER_FOLDER, options);
  const found: ConfigFile[] = [];
  for (const path of nestedConfigPaths(names)) {
    const text = await repository.readFile(commit.id, path, options);
    if (text !== undefined) found.push({ path, text });
  }
  if (found.length < 2) return found[0];
  const paths = found.map(({ path }) => path);
  throw severalConfigs('commit', paths, 'Name one with --config-file (CONFIG_FILE)');
}

async function lookInto(
  commit: CommitFacts,
  repository: Repository,
  options: CallOptions,
): Promise<RepositoryLook> {
  const names = new Set(await repository.names(commit.id, '', options));
  const texts = new Map<string, string>();
  for (const name of LOOKED_INTO) {
    const text = names.has(name) ? await repository.readFile(commit.id, name, options) : undefined;
    if (text !== undefined) texts.set(name, text);
  }
  return { names, texts };
}
