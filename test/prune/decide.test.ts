import assert from 'node:assert/strict';
import { decide } from '../../src/prune/decide.ts';
import type { Stock } from '../../src/prune/stock.ts';
import type { RetentionPolicy, Surroundings } from '../../src/prune/surroundings.ts';
import {
  basePinsTag,
  branchOfGitTag,
  DETACHED,
  downloadCacheTag,
  tagSlug,
  type TagScope,
} from '../../src/oci/tags.ts';
import {
  AMD,
  base,
  commitId,
  DAY,
  hint,
  hintTo,
  image,
  keyframe,
  NOW,
  record,
  report,
  stocked,
} from './random-stock.ts';

const MAIN = { kind: 'protected', branch: 'main' } as const;
const GONE = { kind: 'branch', branch: 'gone' } as const;
const PULL = { kind: 'pull-request', id: 7 } as const;
const POLICY: RetentionPolicy = { keep: 2, olderThan: DAY, pullRequestAge: 30 * DAY };
const LIVING: Surroundings = {
  branches: new Set(['main', 'feature/x', DETACHED, branchOfGitTag('v1')].map(tagSlug)),
  pullRequests: { kind: 'known', open: new Set([7]) },
  positions: new Map(),
  dates: new Map([1, 2, 3, 4, 5].map((number) => [commitId(number), NOW - (10 - number) * DAY])),
};

function told(stock: Stock, around: Partial<Surroundings> = {}, policy: Partial<RetentionPolicy> = {}) {
  const decision = decide(stock, { ...LIVING, ...around }, { policy: { ...POLICY, ...policy }, now: NOW });
  const going = decision.going.map(({ manifest, why }) => `${manifest.tags.map(short).join(' ')}: ${why}`);
  return { going, unjudged: decision.unjudged.map((name) => short({ name })) };
}

/** Commits by number, keys cut. */
function short({ name }: { readonly name: string }): string {
  return [1, 2, 3, 4, 5, 6]
    .reduce((text, number) => text.replace(commitId(number), `c${number}`), name)
    .replace(/-[0-9a-f]{40,64}$/, '')
    .replaceAll(/\.[0-9a-f]{12}/g, '');
}

const THEIRS = { kind: 'protected', branch: 'theirs' } as const;

describe('decide beside images of another repository', () => {
  const toldBeside = (strange: Stock, own: Stock, around: Partial<Surroundings> = {}) =>
    decide(
      [...strange, ...own],
      { ...LIVING, ...around },
      { policy: POLICY, now: NOW, strangers: new Set(strange.map(({ digest }) => digest)) },
    ).going.map(({ manifest }) => manifest.tags.map(short).join(' '));

  it('keeps them, and does not count them among one’s own', () => {
    const strange = [4, 5].map((number) => image(MAIN, number, { key: number }));
    const own = [1, 2].map((number) => image(MAIN, number));
    assert.deepEqual(toldBeside(strange, [...own, record(MAIN, 4, NOW - 9 * DAY)]), []);
  });

  it('takes no time of theirs for one of a pull request', () => {
    const unasked = { pullRequests: { kind: 'unasked' } } as const;
    const old = [image(PULL, 1), report(PULL, 1, NOW - 40 * DAY)];
    const strange = [image(PULL, 2)];
    const young = [report(PULL, 2, NOW - 2 * DAY)];
    assert.deepEqual(toldBeside(strange, [...old, ...young], unasked), ['commit-pr.7-c1', 'report-pr.7-c1']);
  });

  it('takes no report on one of theirs for the time of one’s own commit', () => {
    const mine = stocked('mine', image(GONE, 1).content, [hintTo(GONE)]);
    assert.deepEqual(toldBeside([image(MAIN, 1)], [mine, report(MAIN, 1, NOW)]), ['branch-gone']);
  });

  it('keeps the pins and download caches of their branches', () => {
    const pins = (name: string) => {
      const tag = basePinsTag(name, AMD);
      return stocked(tag, { kind: 'pins', digests: [] }, [tag]);
    };
    const cache = (scope: TagScope) => {
      const tag = downloadCacheTag(scope, AMD);
      return stocked(tag, { kind: 'cache' }, [tag]);
    };
    const beside = [pins('theirs'), pins('gone'), cache(THEIRS), cache(GONE)];
    assert.deepEqual(toldBeside([image(THEIRS, 1)], beside), ['pins-gone', 'cache-branch.gone']);
    const named = stocked('named', image(THEIRS, 1).content, [hintTo(THEIRS)]);
    assert.deepEqual(toldBeside([named], beside), ['pins-gone', 'cache-branch.gone']);
  });
});

describe('decide', () => {
  it('keeps the newest images of a branch by its history, whatever their dates', () => {
    const positions = new Map([
      ['protected.main', new Map([3, 1, 2].map((number, at) => [commitId(number), at]))],
    ]);
    const stock = [1, 2, 3].map((number) => image(MAIN, number));
    assert.deepEqual(told(stock, { positions }).going, [
      'commit-protected.main-c2: its branch or pull request has 2 newer ones',
    ]);
    assert.deepEqual(told(stock).going, [
      'commit-protected.main-c1: its branch or pull request has 2 newer ones',
    ]);
    assert.deepEqual(told(stock, { positions }, { keep: 3 }).going, []);
  });

  it('keeps an older image that the hint of its branch means', () => {
    const stock = [image(MAIN, 1, {}, [hintTo(MAIN)]), image(MAIN, 2), image(MAIN, 3)];
    assert.deepEqual(told(stock).going, []);
  });

  it('lets everything of a branch that is gone go, in order', () => {
    const stock = [
      base(GONE, 1, NOW - 5 * DAY),
      keyframe(GONE, 1, 1, 1),
      record(GONE, 1, NOW - 5 * DAY),
      report(GONE, 1, NOW - 5 * DAY),
      image(GONE, 1, { key: 1, base: 1, layers: [1] }, [hintTo(GONE)]),
      hint(GONE, 1, [1], NOW - 5 * DAY),
    ];
    assert.deepEqual(told(stock).going, [
      'hint-branch.gone: its branch is gone',
      'commit-branch.gone-c1 branch-gone: its branch is gone',
      'report-branch.gone-c1: the image of its commit is not kept',
      'step-branch.gone: no image and no hint that is kept names it',
      'keyframe-branch.gone-1-c1: its branch is gone',
      'base-branch.gone: no image that is kept stands upon it',
    ]);
  });

  it('keeps what a branch that is gone made and another one uses', () => {
    const stock = [
      record(GONE, 1, NOW - 5 * DAY),
      keyframe(GONE, 1, 1, 1),
      base(GONE, 1, NOW - 5 * DAY),
      image(MAIN, 1, { key: 1, base: 1, layers: [1] }),
    ];
    assert.deepEqual(told(stock).going, []);
  });

  it('keeps what is young, by its report before its commit', () => {
    assert.equal(told([image(GONE, 1)]).going.length, 1);
    assert.deepEqual(told([image(GONE, 1), report(GONE, 1, NOW - DAY / 2)]).going, []);
    assert.deepEqual(told([hint(GONE, 1, [1], NOW), record(GONE, 1, NOW)]).going, []);
    assert.deepEqual(told([image(GONE, 1)], {}, { olderThan: 20 * DAY }).going, []);
  });

  it('keeps and tells what nobody can tell the age of', () => {
    const stock = [
      image(GONE, 6),
      ...[3, 4, 6].map((number) => image(MAIN, number)),
      base(MAIN, 2, undefined),
    ];
    const { going, unjudged } = told(stock, {}, { keep: 1 });
    assert.deepEqual(going, ['commit-protected.main-c3: its branch or pull request has 1 newer ones']);
    assert.deepEqual(unjudged, ['commit-branch.gone-c6', 'commit-protected.main-c6', 'base']);
  });

  it('keeps the bases of a scope that lives or has images, and of engines, whatever their age', () => {
    const living = [base(MAIN, 1, 0), base(PULL, 3, 0), base(GONE, 2, 0)];
    assert.deepEqual(told(living), { going: [], unjudged: ['base'] });
    const young = [image(GONE, 1), report(GONE, 1, NOW - DAY / 2), base(GONE, 1, 0)];
    assert.deepEqual(told(young).going, []);
    assert.deepEqual(told([base(GONE, 1, 0)]).going, [
      'base-branch.gone: no image that is kept stands upon it',
    ]);
  });

  it('gives a pull request no history of a branch that is named like its number', () => {
    const positions = new Map(
      ['7', 'protected.7', 'branch.7'].map((of) => [
        of,
        new Map([
          [commitId(3), 0],
          [commitId(1), 1],
          [commitId(2), 2],
        ]),
      ]),
    );
    const stock = [1, 2, 3].map((number) => image(PULL, number));
    assert.deepEqual(told(stock, { positions }).going, [
      'commit-pr.7-c1: its branch or pull request has 2 newer ones',
    ]);
  });

  it('takes the hint of a key that no image has any more, and its records', () => {
    const stock = [
      image(MAIN, 4, { key: 4 }),
      hint(MAIN, 1, [1, 2], NOW - 9 * DAY),
      hint(MAIN, 2, [3, 4], NOW - 9 * DAY),
      ...[1, 2, 3, 4].map((key) => record(MAIN, key, NOW - 9 * DAY)),
    ];
    assert.deepEqual(told(stock).going, [
      'hint-protected.main: no image that is kept came of its runs',
      'step-protected.main: no image and no hint that is kept names it',
      'step-protected.main: no image and no hint that is kept names it',
    ]);
  });

  it('keeps the newest keyframe of a branch, and those that images stand upon', () => {
    const stock = [
      image(MAIN, 2, { layers: [2] }),
      keyframe(MAIN, 1, 1, 1),
      keyframe(MAIN, 2, 2, 2),
      keyframe(MAIN, 3, 3, 3),
      keyframe(MAIN, 4, 4, 4),
    ];
    const why = 'no image that is kept has its layer, and a newer one is there';
    assert.deepEqual(told(stock).going, [
      `keyframe-protected.main-1-c1: ${why}`,
      `keyframe-protected.main-3-c3: ${why}`,
    ]);
  });

  it('takes pull requests that are closed, or by their age where nobody tells', () => {
    const stock = [image(PULL, 1, {}, [hintTo(PULL)]), report(PULL, 1, NOW - 20 * DAY)];
    const goes = [
      'commit-pr.7-c1 pr-7: its pull request is closed',
      'report-pr.7-c1: the image of its commit is not kept',
    ];
    const none = { kind: 'known', open: new Set<number>() } as const;
    assert.deepEqual(told(stock).going, []);
    assert.deepEqual(told(stock, { pullRequests: none }).going, goes);
    assert.deepEqual(told(stock, { pullRequests: { kind: 'unasked' } }).going, []);
    const old = { pullRequestAge: 19 * DAY };
    assert.deepEqual(told(stock, { pullRequests: { kind: 'unasked' } }, old).going, goes);
    assert.deepEqual(told(stock, { pullRequests: { kind: 'unanswered' } }, old).going, []);
  });

  it('keeps what was built of a tag of git, or apart from branches', () => {
    const of = (branch: string) => ({ kind: 'branch', branch }) as const;
    assert.deepEqual(told([image(of(DETACHED), 1), image(of(branchOfGitTag('v1')), 2)]).going, []);
    assert.equal(told([image(of(branchOfGitTag('v2')), 1)]).going.length, 1);
  });

  it('keeps a manifest that shares its digest with something that stays', () => {
    assert.deepEqual(told([image(GONE, 1, {}, ['release-1'])]).going, []);
    const foreign = stocked('pr-8', { kind: 'foreign', members: [] }, ['pr-8']);
    assert.deepEqual(told([foreign]).going, []);
  });

  it('counts images of each platform apart', () => {
    const arm = (number: number) =>
      stocked(`arm ${number}`, image(MAIN, number).content, [
        `commit-protected.main-${commitId(number)}-linux.arm64`,
      ]);
    assert.deepEqual(told([1, 2].flatMap((number) => [image(MAIN, number), arm(number)])).going, []);
  });
});
