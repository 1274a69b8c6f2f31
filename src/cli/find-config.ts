import { missingConfig } from '../config/config-errors.ts';
import { CONFIG_FILE_NAMES, type ConfigFile } from '../config/config-file.ts';
import { starterFile } from '../config/starter/starter-file.ts';
import { LOOKED_INTO, type RepositoryLook } from '../config/starter/starter-task.ts';
import type { CommitFacts } from '../observe/facts.ts';
import { readConfigFile } from '../observe/observe-commit.ts';
import type { Repository } from '../observe/repository.ts';
import type { CallOptions } from '../oci/content-store.ts';

/**
 * The configuration of a commit, as it is written. Throws a `PreheatError` of phase `config` where it has none, with one
 * that fits what it has instead.
 */
export async function findConfig(
  commit: CommitFacts,
  repository: Repository,
  options: CallOptions,
): Promise<ConfigFile> {
  const file = await readConfigFile(commit, CONFIG_FILE_NAMES, repository, options);
  if (file !== undefined) return file;
  throw missingConfig('commit', starterFile(await lookInto(commit, repository, options)).text);
}

async function lookInto(
  commit: CommitFacts,
  repository: Repository,
  options: CallOptions,
): Promise<RepositoryLook> {
  const names = new Set(await repository.rootNames(commit.id, options));
  const texts = new Map<string, string>();
  for (const name of LOOKED_INTO) {
    const text = names.has(name) ? await repository.readFile(commit.id, name, options) : undefined;
    if (text !== undefined) texts.set(name, text);
  }
  return { names, texts };
}
