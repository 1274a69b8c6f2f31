import { goneText, type ImageBench } from './judge-images.ts';
import { commitKey, type Needs } from './needs.ts';
import { subjectOf } from './referrers-tag.ts';
import type { Stock, StockedManifest, StockedTag } from './stock.ts';
import { goIfOld, KEEP, UNJUDGED, type Verdict } from './verdict.ts';

/** What everything beside images is judged by. */
export interface BesideBench extends Pick<ImageBench, 'stock' | 'times' | 'life' | 'before'> {
  readonly needs: Needs;
  /** Forty hex digits of the content keys that the hints that are kept name. */
  readonly hinted: ReadonlySet<string>;
  /** The digests that the pins that are kept name. */
  readonly pinned: ReadonlySet<string>;
}

export type Judge = (tag: StockedTag, manifest: StockedManifest) => Verdict;

/**
 * A hint stays while an image that is kept came of one of its runs. Its runs are of one static key, so that a base or
 * task text which nobody has any more takes its hint with it.
 */
export function hintJudge({ needs, life, before }: Omit<BesideBench, 'hinted' | 'pinned'>): Judge {
  return ({ known }, { content }) => {
    if (known?.kind !== 'hint' || content.kind !== 'hint') return KEEP;
    if (content.runs.some(({ key }) => needs.stepKeys.has(key))) return KEEP;
    const newest = Math.max(0, ...content.runs.map(({ recordedAt }) => recordedAt));
    const why =
      life(known.scope) === 'gone' ? goneText(known.scope) : 'no image that is kept came of its runs';
    return goIfOld(newest, before, why);
  };
}

/** Pins and download caches live as long as their branch; without a time of their own they follow its images. */
export function scopedJudge({ needs, life }: Pick<BesideBench, 'needs' | 'life'>): Judge {
  return ({ known }, { content }) => {
    if (known?.kind === 'pins' && content.kind === 'pins')
      return life(`branch.${known.name}`) === 'living' ? KEEP : { kind: 'go', why: goneText('branch') };
    if (known?.kind !== 'cache' || content.kind !== 'cache') return KEEP;
    const isInUse = life(known.scope) === 'living' || needs.scopes.has(known.scope);
    return isInUse ? KEEP : { kind: 'go', why: goneText(known.scope) };
  };
}

/** Reports follow the image of their commit. */
export function reportJudge({ needs, before }: BesideBench): Judge {
  return ({ known }, { content }) => {
    if (known?.kind !== 'report' || content.kind !== 'report') return KEEP;
    if (needs.commits.has(commitKey(known))) return KEEP;
    const isLeft = content.finishedAt === undefined && !needs.scopes.has(known.scope);
    return isLeft ? { kind: 'go', why: NO_IMAGE } : goIfOld(content.finishedAt, before, NO_IMAGE);
  };
}

const NO_IMAGE = 'the image of its commit is not kept';

/** A list of referrers stays with its image, with any report that stays, and with whatever others have attached. */
export function referrersJudge(kept: Stock): Judge {
  const digests = new Set(
    kept.filter(({ content }) => content.kind !== 'referrers').map(({ digest }) => digest),
  );
  return ({ name }, { content }) => {
    const subject = subjectOf(name);
    if (subject === undefined || content.kind !== 'referrers') return KEEP;
    const isInUse =
      content.members.length > 0 || [subject, ...content.reports].some((digest) => digests.has(digest));
    return isInUse ? KEEP : { kind: 'go', why: NO_IMAGE };
  };
}

/** Records stay that images or hints that are kept name. */
export function recordJudge({ needs, hinted, before }: BesideBench): Judge {
  return ({ known }, { content }) => {
    if (known?.kind !== 'step' || content.kind !== 'record') return KEEP;
    if (needs.stepKeys.has(known.key) || hinted.has(known.key)) return KEEP;
    return goIfOld(content.recordedAt, before, 'no image and no hint that is kept names it');
  };
}

/** Keyframes stay whose layer an image that is kept has, and the newest of each scope that lives. */
export function keyframeJudge({ stock, needs, life, times, before }: BesideBench): Judge {
  const newest = newestKeyframes(stock);
  return ({ known }, { content, blobs }) => {
    if (known?.kind !== 'keyframe' || content.kind !== 'keyframe') return KEEP;
    if (blobs.some(({ digest }) => needs.layers.has(digest))) return KEEP;
    const { scope, number, commit } = known;
    const isLiving = life(scope) === 'living';
    if (isLiving && number === newest.get(scope)) return KEEP;
    const why = isLiving ? 'no image that is kept has its layer, and a newer one is there' : goneText(scope);
    const time = times.ofCommit(commit);
    return time === undefined && !isLiving && !needs.scopes.has(scope)
      ? { kind: 'go', why }
      : goIfOld(time, before, why);
  };
}

function newestKeyframes(stock: BesideBench['stock']): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { content, tags } of stock) {
    if (content.kind !== 'keyframe') continue;
    for (const { known } of tags)
      if (known?.kind === 'keyframe')
        newest.set(known.scope, Math.max(newest.get(known.scope) ?? 0, known.number));
  }
  return newest;
}

/**
 * Bases stay that images that are kept stand upon, or that are pinned. Their `created` is no time of their upload (that of a
 * built one is fixed), and a build may be about to use one: those of a scope that lives or has images stay too, and those
 * that came out of an engine, which any build may use.
 */
export function baseJudge({ needs, pinned, life, before }: BesideBench): Judge {
  return ({ known }, { content, digest }) => {
    if (known?.kind !== 'base' || content.kind !== 'base') return KEEP;
    const names = [digest, ...(known.image === undefined ? [] : [`sha256:${known.image}`])];
    if (names.some((name) => needs.bases.has(name) || pinned.has(name))) return KEEP;
    if (known.scope === undefined) return UNJUDGED;
    if (life(known.scope) === 'living' || needs.scopes.has(known.scope)) return KEEP;
    return goIfOld(content.madeAt, before, 'no image that is kept stands upon it');
  };
}
