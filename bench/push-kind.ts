/** What a push brings, against the one before, in the order in which a subject is pushed. */
export const PUSH_KINDS = [
  'cold',
  'no-op',
  'last-commit',
  'docs-only',
  'source-only',
  'dependencies',
  'dockerfile',
] as const;
export type PushKind = (typeof PUSH_KINDS)[number];

/** A push that brings another commit. */
export type Change = Exclude<PushKind, 'cold' | 'no-op'>;

/** What each brings, for people. */
export const PUSH_TEXT: Readonly<Record<PushKind, string>> = {
  cold: 'the registry has the base image only',
  'no-op': 'the same commit again',
  'last-commit': "the repository's own last commit, after the one before it",
  'docs-only': 'a line more in a document, which no task reads',
  'source-only': 'a line more in a source',
  dependencies: 'the lock file and what stands beside it',
  dockerfile: 'a `RUN` more in the Dockerfile of the base',
};
