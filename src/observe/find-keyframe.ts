import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { readTag, type KnownTag } from '../oci/known-tag.ts';
import type { KeyframeFacts } from './keyframe-facts.ts';
import { readKeyframe } from './read-keyframe.ts';
import type { Repository } from './repository.ts';

/** Which keyframe is looked for. */
export interface KeyframeQuestion {
  /** Full object id. */
  readonly commit: string;
  /** The scopes that may be read, as they stand in tags, best first; the first is the one that is written to. */
  readonly scopes: readonly string[];
  /** All tags of the target; absent where they are not known. */
  readonly tags: readonly string[] | undefined;
}

export interface KeyframeSources {
  readonly target: ContentStore;
  readonly repository: Pick<Repository, 'nearestAncestor'>;
  readonly log: Log;
}

type Candidate = Extract<KnownTag, { readonly kind: 'keyframe' }> & { readonly tag: string };

/**
 * Finds the keyframe that comes nearest to a commit, by its tag: the nearest ancestor that the clone knows,
 * else (a shallow clone, or history that was pushed over) the newest of the best scope. What cannot be read or used
 * counts as none, with one line. Only a refusal ends the run, since publishing would meet it too.
 */
export async function findKeyframe(
  { commit, scopes, tags = [] }: KeyframeQuestion,
  { target, repository, log }: KeyframeSources,
  options: CallOptions,
): Promise<KeyframeFacts> {
  const candidates = candidatesIn(tags, scopes);
  const own = candidates.filter(({ scope }) => scope === scopes[0]);
  const newest = Math.max(0, ...own.map(({ number }) => number));
  try {
    const chosen = await choose(candidates, commit, repository, options);
    if (chosen === undefined) return { newest };
    const found = await readKeyframe(target, chosen.tag, options);
    if ('keyframe' in found) return { newest, nearest: { tag: chosen.tag, keyframe: found.keyframe } };
    log.warn(`cannot use the keyframe ${chosen.tag}: ${found.unusable}; the sources are laid whole`);
    return { newest };
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot look for a keyframe: ${messageOf(thrown)}; the sources are laid whole`);
    return { newest };
  }
}

/** Those of scopes that may be read: of the best scope first, of each the newest first. */
function candidatesIn(tags: readonly string[], scopes: readonly string[]): readonly Candidate[] {
  return tags
    .flatMap((tag): readonly Candidate[] => {
      const known = readTag(tag);
      return known?.kind === 'keyframe' && scopes.includes(known.scope) ? [{ ...known, tag }] : [];
    })
    .toSorted((a, b) => scopes.indexOf(a.scope) - scopes.indexOf(b.scope) || b.number - a.number);
}

async function choose(
  candidates: readonly Candidate[],
  commit: string,
  repository: KeyframeSources['repository'],
  options: CallOptions,
): Promise<Candidate | undefined> {
  if (candidates.length === 0) return undefined;
  const commits = new Set(candidates.map((candidate) => candidate.commit));
  const nearest = await repository.nearestAncestor(commit, commits, options);
  return candidates.find((candidate) => candidate.commit === nearest) ?? candidates[0];
}
