import type { PushEvent } from '../event/push-event.ts';
import type { Scope } from '../observe/step-record.ts';
import { branchOfGitTag, DETACHED } from '../oci/tags.ts';

/** Which scope a run writes to, and which it may read, best first (its own stands first). */
export interface Scopes {
  readonly write: Scope;
  readonly read: readonly Scope[];
}

/**
 * Decides who may read whose records: a protected branch reads protected ones only; a branch reads its own, its
 * destination's and the default branch's; so nothing that a branch wrote ever reaches a protected one.
 */
export function scopesOf(event: PushEvent, protectedBranches: readonly string[]): Scopes {
  const guarded = new Set([event.defaultBranch, ...protectedBranches]);
  const ofBranch = (branch: string): Scope => ({
    kind: guarded.has(branch) ? 'protected' : 'branch',
    branch,
  });
  const defaultScope = ofBranch(event.defaultBranch);
  if (event.pullRequest !== undefined) {
    const write: Scope = { kind: 'pull-request', id: event.pullRequest.id };
    const destination = ofBranch(event.pullRequest.destinationBranch);
    const source: readonly Scope[] =
      event.ref.kind === 'branch' ? [{ kind: 'branch', branch: event.ref.name }] : [];
    return { write, read: distinct([write, ...source, destination, defaultScope]) };
  }
  const write = event.ref.kind === 'branch' ? ofBranch(event.ref.name) : unprotectedScope(event);
  return { write, read: distinct([write, defaultScope]) };
}

/** Whether a push is one of the default branch itself, whose builds say what base images mean for all branches. */
export function isDefaultBranch({ ref, pullRequest, defaultBranch }: PushEvent): boolean {
  return pullRequest === undefined && ref.kind === 'branch' && ref.name === defaultBranch;
}

/** Anyone who may push may push a tag; so what a tag built counts as a branch's, under a name no branch can have. */
function unprotectedScope({ ref }: PushEvent): Scope {
  return { kind: 'branch', branch: ref.kind === 'tag' ? branchOfGitTag(ref.name) : DETACHED };
}

function distinct(scopes: readonly Scope[]): readonly Scope[] {
  return [...new Map(scopes.map((scope) => [scopeText(scope), scope])).values()];
}

/** A scope for people: `protected branch main`, `branch feature/x`, `pull request 7`. */
export function scopeText(scope: Scope): string {
  if (scope.kind === 'pull-request') return `pull request ${scope.id}`;
  return scope.kind === 'protected' ? `protected branch ${scope.branch}` : `branch ${scope.branch}`;
}
