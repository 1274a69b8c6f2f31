import { digestOf, hexOf, type Digest } from './digest.ts';
import type { Platform } from './platform.ts';

/** What a tag needs to know of a scope: kind and name. */
export type TagScope =
  | { readonly kind: 'protected'; readonly branch: string }
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'pull-request'; readonly id: number };

/** What stands in the place of a branch's name where a tag of git was built: a name that no branch can have. */
export function branchOfGitTag(name: string): string {
  return `:tag:${name}`;
}

/** The same for a commit that was built apart from branches and tags. */
export const DETACHED = ':detached';

const PLAIN = /^[A-Za-z0-9_-]{1,40}$/;
const SLUG_LENGTH = 27;
const CHECK_LENGTH = 12;

/**
 * A name of at most 40 characters that may stand in a tag. Names of plain characters stay as they are; every other
 * name ends in `.` and 12 hex digits of its sha256, so that `feature/x` and `feature-x` differ.
 */
export function tagSlug(name: string): string {
  if (PLAIN.test(name)) return name;
  const readable = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, SLUG_LENGTH);
  return `${readable}.${hexOf(digestOf(name)).slice(0, CHECK_LENGTH)}`;
}

/** The truth: the immutable tag of the image of a commit, as the scope's writers made it. */
export function commitTag(scope: TagScope, commit: string, platform: Platform): string {
  return `commit-${scopeSlug(scope)}-${commit}${platformSuffix(platform)}`;
}

/** The tag of the report on the image of a commit. */
export function reportTag(scope: TagScope, commit: string, platform: Platform): string {
  return `report-${scopeSlug(scope)}-${commit}${platformSuffix(platform)}`;
}

/** The tag of a step's record. Forty hex digits of the key are enough: the record repeats the key in full. */
export function recordTag(scope: TagScope, contentKey: Digest): string {
  return `step-${scopeSlug(scope)}-${hexOf(contentKey).slice(0, 40)}`;
}

/** A hint: the newest runs of a step with this static key, which covers the platform. */
export function stepHintTag(scope: TagScope, staticKey: Digest): string {
  return `hint-${scopeSlug(scope)}-${hexOf(staticKey).slice(0, 40)}`;
}

/**
 * The tag of a source layer upon which deltas can be laid, and of which commit it is. The keyframes of a scope are
 * numbered in the order in which they were made. Forty hex digits of the commit are enough: the keyframe repeats it.
 */
export function keyframeTag(scope: TagScope, number: number, commit: string): string {
  return `keyframe-${scopeSlug(scope)}-${number}-${commit.slice(0, 40)}`;
}

/** A hint, moved with each push: the newest warm image of a branch. */
export function branchHint(branch: string, platform: Platform): string {
  return `branch-${tagSlug(branch)}${platformSuffix(platform)}`;
}

/** A hint: the newest warm image of a pull request. */
export function pullRequestHint(id: number, platform: Platform): string {
  return `pr-${id}${platformSuffix(platform)}`;
}

/** The tag of a base image that came out of an engine, by its image ID. */
export function importedBaseTag(imageId: Digest): string {
  return `base-${hexOf(imageId)}`;
}

/** The tag of a base image that was built from a Dockerfile. Its manifest repeats the key in full. */
export function builtBaseTag(scope: TagScope, key: Digest): string {
  return `base-${scopeSlug(scope)}-${hexOf(key).slice(0, 40)}`;
}

/** A hint: what base images mean for all branches, as builds of the default branch leave it. */
export function basePinsTag(defaultBranch: string, platform: Platform): string {
  return `pins-${tagSlug(defaultBranch)}${platformSuffix(platform)}`;
}

/** What package managers downloaded in the runs of a scope. It is replaced by each run that downloads more. */
export function downloadCacheTag(scope: TagScope, platform: Platform): string {
  return `cache-${scopeSlug(scope)}${platformSuffix(platform)}`;
}

/** A scope as it stands in tags: `protected.main`, `branch.feature-x.0123456789ab`, `pr.7`. */
export function scopeSlug(scope: TagScope): string {
  return scope.kind === 'pull-request' ? `pr.${scope.id}` : `${scope.kind}.${tagSlug(scope.branch)}`;
}

function platformSuffix({ os, architecture, variant }: Platform): string {
  if (os === 'linux' && architecture === 'amd64' && !variant) return '';
  return `-${[os, architecture, variant].filter(Boolean).join('.')}`;
}
