import type { KnownTag } from '../oci/known-tag.ts';
import type { ImageTimes } from './image-times.ts';
import type { ScopeLife } from './scope-life.ts';
import type { Stock, StockedManifest, StockedTag } from './stock.ts';
import type { RetentionPolicy, Surroundings } from './surroundings.ts';
import { goIfOld, KEEP, UNJUDGED, type Verdict } from './verdict.ts';

type CommitTag = Extract<KnownTag, { readonly kind: 'commit' }>;

export interface ImageBench {
  /** One's own. */
  readonly stock: Stock;
  readonly surroundings: Surroundings;
  readonly policy: RetentionPolicy;
  readonly times: ImageTimes;
  readonly life: ScopeLife;
  /** What is older may go; milliseconds since the epoch. */
  readonly before: number;
}

export const GONE = { branch: 'its branch is gone', pr: 'its pull request is closed' } as const;

/** Why nobody reads what a scope wrote any more. */
export function goneText(scope: string): string {
  return scope.startsWith('pr.') ? GONE.pr : GONE.branch;
}

/** Judges the tags of images. */
export function imageJudge(bench: ImageBench): (tag: StockedTag, manifest: StockedManifest) => Verdict {
  const siblings = siblingsIn(bench.stock);
  return ({ known }, { content }) => {
    if (content.kind !== 'image') return KEEP;
    if (known?.kind === 'commit') return judgeCommit(known, siblings, bench);
    if (known?.kind !== 'branch' && known?.kind !== 'pull-request') return KEEP;
    const scope = known.kind === 'branch' ? `branch.${known.name}` : `pr.${known.name}`;
    if (bench.life(scope) === 'living') return KEEP;
    const { commit } = content;
    const time = commit === undefined ? undefined : bench.times.ofCommit(commit);
    return goIfOld(time, bench.before, goneText(scope));
  };
}

function judgeCommit(
  tag: CommitTag,
  siblings: ReadonlyMap<string, readonly string[]>,
  { surroundings, policy, times, life, before }: ImageBench,
): Verdict {
  const { scope, commit } = tag;
  const time = times.of(scope, commit);
  if (life(scope) === 'gone') return goIfOld(time, before, goneText(scope));
  const all = siblings.get(shelfOf(tag)) ?? [];
  if (all.length <= policy.keep) return KEEP;
  const positions = surroundings.positions.get(scope);
  const position = positions?.get(commit);
  if (time === undefined && position === undefined) return UNJUDGED;
  const isNewer = (other: string): boolean => {
    const place = positions?.get(other);
    if (place !== undefined && position !== undefined) return place < position;
    const age = times.of(scope, other);
    return age !== undefined && time !== undefined && age > time;
  };
  if (all.filter(isNewer).length < policy.keep) return KEEP;
  return goIfOld(time, before, `its branch or pull request has ${policy.keep} newer ones`);
}

/** The commits with images of each scope and platform, each once. */
function siblingsIn(stock: Stock): ReadonlyMap<string, readonly string[]> {
  const shelves = new Map<string, Set<string>>();
  for (const { content, tags } of stock) {
    if (content.kind !== 'image') continue;
    for (const { known } of tags) {
      if (known?.kind !== 'commit') continue;
      const shelf = shelves.get(shelfOf(known)) ?? new Set();
      shelves.set(shelfOf(known), shelf.add(known.commit));
    }
  }
  return new Map([...shelves].map(([shelf, commits]) => [shelf, [...commits]]));
}

function shelfOf({ scope, platform = '' }: CommitTag): string {
  return `${scope} ${platform}`;
}
