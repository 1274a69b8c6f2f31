import { imageTimes } from './image-times.ts';
import {
  baseJudge,
  hintJudge,
  keyframeJudge,
  recordJudge,
  referrersJudge,
  reportJudge,
  scopedJudge,
  type BesideBench,
  type Judge,
} from './judge-beside.ts';
import { imageJudge } from './judge-images.ts';
import { needsOf } from './needs.ts';
import { branchOf, ownStock, strangeBranches } from './own-stock.ts';
import { scopeLife, type ScopeLife } from './scope-life.ts';
import type { Stock, StockedContent, StockedManifest } from './stock.ts';
import type { RetentionPolicy, Surroundings } from './surroundings.ts';
import { KEEP, type Verdict } from './verdict.ts';

/** What goes, and what stays. Each manifest of the stock is in one of the two. */
export interface Decision {
  /** In the order in which they are to be deleted. */
  readonly going: readonly GoingManifest[];
  readonly kept: Stock;
  /** Tags that are kept since nothing tells their age. */
  readonly unjudged: readonly string[];
}

export interface DecisionOptions {
  readonly policy: RetentionPolicy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Digests of manifests that stay whatever their tags say. */
  readonly inUse?: ReadonlySet<string>;
  /** Digests of the images of other repositories: they stay, and count for nothing else. */
  readonly strangers?: ReadonlySet<string>;
}

export interface GoingManifest {
  readonly manifest: StockedManifest;
  readonly why: string;
}

/**
 * What is interrupted in between leaves no hint on a record that has gone, and no image without its report, records and
 * base before the image itself has gone. A list of referrers goes before the reports, which oras would take out of it one by
 * one, to leave an empty list.
 */
const ORDER: readonly StockedContent['kind'][] = [
  'hint',
  'pins',
  'cache',
  'image',
  'referrers',
  'report',
  'record',
  'keyframe',
  'base',
];

/**
 * Decides what of a repository of workspace images nothing needs any more. A manifest is deleted with all of its tags, so
 * it goes only if every one of them may, and no index that is kept lists it. Images are judged first; what lies beside them
 * stays while an image that is kept needs it. What is young, foreign or cannot be judged stays. Pure.
 */
export function decide(
  stock: Stock,
  surroundings: Surroundings,
  { policy, now, inUse = new Set(), strangers = new Set() }: DecisionOptions,
): Decision {
  const own = ownStock(stock, strangers);
  const times = imageTimes(own, surroundings);
  const life = scopeLife(own, surroundings, policy, times, now);
  const before = now - policy.olderThan;
  const listed = new Set(stock.flatMap(({ content }) => ('members' in content ? content.members : [])));
  const isHeld = ({ digest }: StockedManifest): boolean =>
    listed.has(digest) || inUse.has(digest) || strangers.has(digest);
  const judged = new Map<StockedManifest, Verdict>();
  const unjudged: string[] = [];
  const judge = (kinds: readonly StockedContent['kind'][], judgeTag: Judge): void => {
    for (const manifest of stock.filter(({ content }) => kinds.includes(content.kind))) {
      const verdicts = manifest.tags.map((tag) => judgeTag(tag, manifest));
      const verdict = isHeld(manifest) ? KEEP : ofAll(verdicts);
      if (verdict.kind === 'unjudged')
        unjudged.push(
          ...manifest.tags.filter((_, at) => verdicts[at]?.kind === 'unjudged').map(({ name }) => name),
        );
      judged.set(manifest, verdict);
    }
  };
  const kept = (): Stock => stock.filter((manifest) => judged.get(manifest)?.kind !== 'go');

  judge(['image'], imageJudge({ stock: own, surroundings, policy, times, life, before }));
  const bench = { stock, times, life, before, needs: needsOf(kept()) };
  judge(['hint'], hintJudge(bench));
  judge(['pins', 'cache'], scopedJudge({ ...bench, life: lifeBeside(stock, strangers, life) }));
  const beside: BesideBench = { ...bench, ...namedBy(kept()) };
  judge(['report'], reportJudge(beside));
  judge(['referrers'], referrersJudge(kept()));
  judge(['record'], recordJudge(beside));
  judge(['keyframe'], keyframeJudge(beside));
  judge(['base'], baseJudge(beside));
  return { going: goingIn(judged), kept: kept(), unjudged };
}

/** Nothing tells whose pins and download caches are: those of branches that others have images of live too. */
function lifeBeside(stock: Stock, strangers: ReadonlySet<string>, life: ScopeLife): ScopeLife {
  const strange = strangeBranches(stock, strangers);
  return (scope) => (strange.has(branchOf(scope)) ? 'living' : life(scope));
}

/** One tag that stays keeps the manifest; what cannot be judged only where no other tag says more. */
function ofAll(verdicts: readonly Verdict[]): Verdict {
  const first = (wanted: Verdict['kind']): Verdict | undefined =>
    verdicts.find(({ kind }) => kind === wanted);
  return first('keep') ?? first('unjudged') ?? first('go') ?? KEEP;
}

function namedBy(kept: Stock): Pick<BesideBench, 'hinted' | 'pinned'> {
  const contents = kept.map(({ content }) => content);
  return {
    hinted: new Set(
      contents.flatMap((content) => (content.kind === 'hint' ? content.runs.map(({ key }) => key) : [])),
    ),
    pinned: new Set(contents.flatMap((content) => (content.kind === 'pins' ? content.digests : []))),
  };
}

function goingIn(judged: ReadonlyMap<StockedManifest, Verdict>): readonly GoingManifest[] {
  return [...judged]
    .flatMap(([manifest, verdict]) => (verdict.kind === 'go' ? [{ manifest, why: verdict.why }] : []))
    .toSorted((a, b) => ORDER.indexOf(a.manifest.content.kind) - ORDER.indexOf(b.manifest.content.kind));
}
