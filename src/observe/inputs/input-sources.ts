import type { ContextTree } from '../dockerfile/context-tree.ts';
import type { CommitFacts } from '../facts.ts';

/** Digests of what a checkout holds beside the files of its commit. */
export interface LaidIdentities {
  /** Of everything that `.git` is made from: the commit, its history, the ref, the remote. */
  readonly git: string;
  /** Of what `.git/config` is made from. */
  readonly gitConfig: string;
  /** Of the files that preheat itself puts into the image. */
  readonly own: string;
}

/** What inputs are answered from. */
export interface InputSources {
  readonly tree: Pick<ContextTree, 'listAll' | 'attributes' | 'readLink'>;
  readonly commit: CommitFacts;
  readonly laid: LaidIdentities;
}
