import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOOKED_INTO, type RepositoryLook } from '../config/starter/starter-task.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';

/**
 * What lies in a folder of this machine; a file that cannot be read counts as an empty one. Throws a `PreheatError` of
 * phase `config` where there is no such folder.
 */
export async function lookAround(folder: string, { signal }: CallOptions): Promise<RepositoryLook> {
  const names = new Set(await namesIn(folder));
  const texts = new Map<string, string>();
  for (const name of LOOKED_INTO) {
    if (!names.has(name)) continue;
    texts.set(name, await readFile(join(folder, name), { encoding: 'utf8', signal }).catch(() => ''));
  }
  return { names, texts };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    throw new PreheatError(`cannot read ${folder}: ${messageOf(thrown)}`, {
      phase: 'config',
      hint: 'Name the folder of the repository with --repository.',
      cause: thrown,
    });
  }
}
