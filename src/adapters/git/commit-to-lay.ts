import type { CheckoutRequest } from '../../build/source-tree.ts';
import type { Difference } from './difference.ts';
import type { LfsMode } from './lfs.ts';

/** A commit to be laid down, of the repository itself or of a submodule. */
export interface CommitToLay extends CheckoutRequest {
  /** Where the files of a submodule lie, as seen from its git folder. */
  readonly worktree?: string;
  readonly lfs: LfsMode;
  /** Milliseconds after which contents of Git LFS that have not come are given up. */
  readonly fetchBoundMs: number;
  /** What an earlier checkout has already; by default nothing. */
  readonly difference?: Difference;
}
