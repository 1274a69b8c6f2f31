import type { LayingMode } from '../../observe/keyframe.ts';
import type { LfsMode } from './lfs.ts';
import type { ObjectReaders } from './object-readers.ts';
import type { SshOptions } from './ssh-access.ts';
import type { OpenFolder } from './temporary-folder.ts';
import type { TreeLists } from './tree-lists.ts';

/** What becomes of submodules. */
export type SubmoduleMode = 'recursive' | 'none';

export interface SourceTreeOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** By default they are laid down recursively; with `none` each stays an empty folder. */
  readonly submodules?: SubmoduleMode;
  /** By default pointers. */
  readonly lfs?: LfsMode;
  readonly ssh?: SshOptions;
  /** Takes lines about what is laid down otherwise than one might think. */
  readonly tell?: (line: string) => void;
  /**
   * Milliseconds after which a fetch that has not ended is given up, of one submodule or of the Git LFS contents of one
   * repository; by default half an hour.
   */
  readonly fetchBoundMs?: number;
  /** Where what is needed on the way is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
  /** How the trees of laid commits are listed for differences; who asks for the same commit shares it. */
  readonly treeLists?: TreeLists;
  /** What reads objects of the clone and goes on running; by default git is started for each part. */
  readonly readers?: ObjectReaders;
  /** The step's proxy; submodules on the host of the repository itself are asked through it first. */
  readonly proxy?: string;
}

/** How long a fetch may take. */
export const FETCH_BOUND_MS = 30 * 60_000;

/** The mode in which such options have commits laid down. */
export function layingMode({ submodules = 'recursive', lfs = 'pointers' }: SourceTreeOptions): LayingMode {
  return { submodules, lfs };
}
