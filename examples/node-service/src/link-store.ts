import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Link } from './link.js';

/** Keeps links by name; every change is on disk when its promise resolves. */
export interface LinkStore {
  list(): readonly Link[];
  find(name: string): Link | undefined;
  /** Adds or replaces a link. */
  put(link: Link): Promise<void>;
  /** Whether there was such a link. */
  remove(name: string): Promise<boolean>;
}

/** Opens the store in `file`, which need not exist yet; throws when it holds something else than links. */
export async function openLinkStore(file: string): Promise<LinkStore> {
  const links = new Map((await readLinks(file)).map((link) => [link.name, link]));
  let written: Promise<void> = Promise.resolve();
  // Writes follow one another, so that an older state never replaces a newer one.
  const save = (): Promise<void> => {
    const next = written.then(() => writeLinks(file, [...links.values()]));
    written = next.catch(() => undefined);
    return next;
  };
  return {
    list: () => [...links.values()],
    find: (name) => links.get(name),
    put: async (link) => {
      links.set(link.name, link);
      await save();
    },
    remove: async (name) => {
      if (!links.delete(name)) return false;
      await save();
      return true;
    },
  };
}

async function readLinks(file: string): Promise<readonly Link[]> {
  try {
    return z.array(Link).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Error(`cannot read the links in ${file}`, { cause: error });
  }
}

/** Renaming is atomic: a crash leaves the old file or the new one, never half of either. */
async function writeLinks(file: string, links: readonly Link[]): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, `${JSON.stringify(links, undefined, 2)}\n`);
  await rename(next, file);
}
