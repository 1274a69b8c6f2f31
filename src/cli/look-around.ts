import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOOKED_INTO, type RepositoryLook } from '../config/starter/starter-task.ts';
import type { CallOptions } from '../oci/content-store.ts';

/** What lies in a folder of this machine; a file that cannot be read counts as an empty one. */
export async function lookAround(folder: string, { signal }: CallOptions): Promise<RepositoryLook> {
  const names = new Set(await readdir(folder));
  const texts = new Map<string, string>();
  for (const name of LOOKED_INTO) {
    if (!names.has(name)) continue;
    texts.set(name, await readFile(join(folder, name), { encoding: 'utf8', signal }).catch(() => ''));
  }
  return { names, texts };
}
