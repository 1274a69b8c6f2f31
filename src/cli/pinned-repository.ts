import type { RepositoryFacts } from '../observe/repository-facts.ts';

/** A repository that lies beside the pushed one, at one commit. */
export interface PinnedRepository {
  readonly facts: RepositoryFacts;
  /** What git asks, as it is written. */
  readonly address: string;
  /** Whether it is the pushed one once more, which need not be fetched. */
  readonly isPushed: boolean;
}

/** A commit, and what HEAD of its checkout names. */
export type Pin = Pick<RepositoryFacts, 'commit' | 'ref'> & Omit<PinnedRepository, 'facts'>;
