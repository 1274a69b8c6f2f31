import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { cloneLayout } from './clone-layout.ts';
import type { GitPlace } from './git-command.ts';
import type { ObjectReaders } from './object-readers.ts';
import type { ObjectFormat } from './index-file.ts';

/** The clone that commits are taken from. */
export interface Clone {
  readonly place: GitPlace;
  readonly format: ObjectFormat;
  /** Absolute path of the folder with its objects. */
  readonly objects: string;
  /** Absolute paths of the folders in which it may keep the git folders of its submodules. */
  readonly modules: readonly string[];
  /** Absolute path of its configuration file. */
  readonly configuration: string;
  /** What reads its objects, where that goes on running; who reads starts git else. */
  readonly readers?: ObjectReaders;
  /** The commits behind which the clone itself has no history; none unless it is shallow. */
  readonly ends: ReadonlySet<string>;
}

/** Learns what is needed to read a clone's objects from elsewhere. Throws a `PreheatError` where there is no clone. */
export async function openClone(
  place: GitPlace,
  { signal, readers }: CallOptions & { readonly readers?: ObjectReaders | undefined },
): Promise<Clone> {
  const purpose = `read a git repository in ${place.directory}`;
  const [format, objects, shallow, modules, config, common] = await cloneLayout(place, { signal });
  if ((format !== 'sha1' && format !== 'sha256') || !objects || !shallow || !modules || !config || !common) {
    throw new PreheatError(`cannot ${purpose}: its object format is not known`, { phase: place.phase });
  }
  return {
    place,
    format,
    objects: resolve(place.directory, objects),
    // A worktree of its own has them in its own folder, others in the one that all share.
    modules: [...new Set([resolve(place.directory, modules), resolve(place.directory, common, 'modules')])],
    configuration: resolve(place.directory, config),
    ...(readers && { readers }),
    ends: await shallowCommits(resolve(place.directory, shallow)),
  };
}

async function shallowCommits(file: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await readFile(file, 'latin1')).split('\n').filter((line) => line !== ''));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return new Set();
    throw thrown;
  }
}
