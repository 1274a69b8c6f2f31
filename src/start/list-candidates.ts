import type { Platform } from '../oci/platform.ts';
import { branchHint, commitTag, pullRequestHint, type TagScope } from '../oci/tags.ts';
import type { Candidate } from './candidate.ts';

/** What is to be opened, as far as the clone knows it. */
export interface WantedRef {
  /** The commit and its ancestors, nearest first; empty when the clone does not know the commit. */
  readonly commits: readonly string[];
  readonly branch?: string | undefined;
  readonly pullRequest?: number | undefined;
  /** Scopes that may be read, best first. */
  readonly scopes: readonly TagScope[];
  readonly defaultBranch: string;
  readonly platform: Platform;
}

/**
 * Where a warm image to start from may be kept, best first: the commit itself in each scope, what the hints of the
 * pull request or branch say, the nearest ancestors, and last the default branch.
 */
export function listCandidates(wanted: WantedRef): readonly Candidate[] {
  const [commit, ...ancestors] = wanted.commits;
  const exact = commit === undefined ? [] : tagsOf(commit, wanted, `commit ${commit.slice(0, 12)}`);
  const behind = ancestors.flatMap((ancestor, distance) =>
    tagsOf(ancestor, wanted, `commit ${ancestor.slice(0, 12)}, ${distance + 1} behind`),
  );
  return distinct([...exact, ...hints(wanted), ...behind, defaultHint(wanted)]);
}

function tagsOf(commit: string, { scopes, platform }: WantedRef, why: string): readonly Candidate[] {
  return scopes.map((scope) => ({ tag: commitTag(scope, commit, platform), why }));
}

/** A hint tells nothing of the distance, so for a commit that the clone knows the ancestors come before it. */
function hints({ commits, branch, pullRequest, platform }: WantedRef): readonly Candidate[] {
  if (pullRequest !== undefined)
    return [
      { tag: pullRequestHint(pullRequest, platform), why: `the newest of pull request ${pullRequest}` },
    ];
  return branch === undefined || commits.length > 1
    ? []
    : [{ tag: branchHint(branch, platform), why: `the newest of branch ${branch}` }];
}

function defaultHint({ defaultBranch, platform }: WantedRef): Candidate {
  return { tag: branchHint(defaultBranch, platform), why: `the newest of branch ${defaultBranch}` };
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const first = new Map<string, Candidate>();
  for (const candidate of candidates) if (!first.has(candidate.tag)) first.set(candidate.tag, candidate);
  return [...first.values()];
}
