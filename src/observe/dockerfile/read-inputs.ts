import { posix } from 'node:path';
import type { BaseSource } from '../../config/workspace-config.ts';
import { messageOf } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ContextEntry, ContextTree } from './context-tree.ts';
import { dockerfileError } from './dockerfile-error.ts';
import { readIgnoreFile } from './ignore-patterns.ts';
import { leftFolders } from './left-folders.ts';

const HINT =
  'Commit the Dockerfile, or mend its path (image.file of a .gitpod.yml, build.dockerfile of a devcontainer.json).';

/** Where a Dockerfile and its context lie in the repository, and what of it is built with which arguments. */
export type DockerfileSource = Omit<Extract<BaseSource, { readonly kind: 'dockerfile' }>, 'kind'>;

/** The Dockerfile's text, and what of its context no ignore file leaves out. */
export interface DockerfileInputs {
  readonly text: string;
  readonly entries: readonly ContextEntry[];
}

const IGNORE_FILE = '.dockerignore';

/** Reads a Dockerfile and lists its context in a commit. Throws a `PreheatError` (config) where one is not there. */
export async function readInputs(
  { file, context }: DockerfileSource,
  commit: string,
  tree: ContextTree,
  options: CallOptions,
): Promise<DockerfileInputs> {
  const folder = context === '.' ? '' : context;
  const [text, entries, ignore] = await Promise.all([
    tree.readText(commit, file, options),
    tree.list(commit, folder, options),
    readIgnore(file, folder, commit, tree, options),
  ]);
  if (text === undefined) {
    const why = 'the commit has no such file';
    throw dockerfileError({ file }, why, HINT);
  }
  if (entries === undefined) {
    const why = `its context is no folder of the commit: ${context}`;
    throw dockerfileError({ file }, why, 'Name a folder of the repository that holds files.');
  }
  const isIgnored = (path: string): boolean => ignore(Buffer.from(path, 'latin1').toString('utf8'));
  const kept = entries.filter(({ path }) => !isIgnored(path));
  return { text, entries: [...kept, ...leftFolders(entries, kept, isIgnored)] };
}

/** One beside the Dockerfile, named after it, wins over that of the context. */
async function readIgnore(
  file: string,
  folder: string,
  commit: string,
  tree: ContextTree,
  options: CallOptions,
): Promise<(path: string) => boolean> {
  const places = [`${file}${IGNORE_FILE}`, posix.join(folder, IGNORE_FILE)];
  for (const place of places) {
    const text = await tree.readText(commit, place, options);
    if (text === undefined) continue;
    try {
      return readIgnoreFile(text);
    } catch (thrown) {
      throw dockerfileError({ file: place }, messageOf(thrown), 'Mend the pattern.');
    }
  }
  return () => false;
}
