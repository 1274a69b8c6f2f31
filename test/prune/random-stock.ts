import * as fc from 'fast-check';
import { digestOf, hexOf, type Digest } from '../../src/oci/digest.ts';
import { readTag } from '../../src/oci/known-tag.ts';
import {
  branchHint,
  builtBaseTag,
  commitTag,
  downloadCacheTag,
  importedBaseTag,
  keyframeTag,
  pullRequestHint,
  recordTag,
  reportTag,
  stepHintTag,
  tagSlug,
  type TagScope,
} from '../../src/oci/tags.ts';
import type { Stock, StockedContent, StockedManifest } from '../../src/prune/stock.ts';
import type { RetentionPolicy, Surroundings } from '../../src/prune/surroundings.ts';

export const NOW = Date.parse('2026-06-01T00:00:00Z');
export const DAY = 86_400_000;
export const AMD = { os: 'linux', architecture: 'amd64' };

const SCOPES: readonly TagScope[] = [
  { kind: 'protected', branch: 'main' },
  { kind: 'branch', branch: 'main' },
  { kind: 'branch', branch: 'feature/x' },
  { kind: 'branch', branch: 'gone' },
  { kind: 'pull-request', id: 7 },
  { kind: 'pull-request', id: 8 },
];

export const commitId = (number: number): string => hexOf(digestOf(`commit ${number}`)).slice(0, 40);
export const keyOf = (number: number): Digest => digestOf(`key ${number}`);
export const shortKey = (number: number): string => hexOf(keyOf(number)).slice(0, 40);
export const layerOf = (number: number): Digest => digestOf(`layer ${number}`);

/** A manifest as {@link Stock} has it; its digest follows from `id`. */
export function stocked(
  id: string,
  content: StockedContent,
  tags: readonly string[],
  layers: readonly Digest[] = [],
): StockedManifest {
  return {
    digest: digestOf(id),
    size: 500,
    content,
    blobs: [
      { digest: digestOf(`config of ${id}`), size: 100 },
      ...layers.map((digest) => ({ digest, size: 1000 })),
    ],
    tags: tags.map((name) => ({ name, known: readTag(name) })),
  };
}

export function image(
  scope: TagScope,
  commit: number,
  needs: { readonly key?: number; readonly base?: number; readonly layers?: readonly number[] } = {},
  more: readonly string[] = [],
): StockedManifest {
  const tag = commitTag(scope, commitId(commit), AMD);
  return stocked(
    tag,
    {
      kind: 'image',
      commit: commitId(commit),
      stepKey: needs.key === undefined ? undefined : shortKey(needs.key),
      baseDigest: needs.base === undefined ? undefined : baseDigest(needs.base),
      source: undefined,
    },
    [tag, ...more],
    (needs.layers ?? []).map(layerOf),
  );
}

/** Of a built base, as {@link base} has it; that of an even number came out of an engine. */
function baseDigest(number: number): Digest {
  return number % 2 === 0 ? keyOf(number) : digestOf(`base ${number}`);
}

export function base(scope: TagScope, number: number, madeAt: number | undefined): StockedManifest {
  const tag = number % 2 === 0 ? importedBaseTag(keyOf(number)) : builtBaseTag(scope, keyOf(number));
  return stocked(`base ${number}`, { kind: 'base', madeAt }, [tag], [layerOf(number)]);
}

export function report(scope: TagScope, commit: number, finishedAt: number | undefined): StockedManifest {
  const tag = reportTag(scope, commitId(commit), AMD);
  return stocked(tag, { kind: 'report', finishedAt }, [tag]);
}

export function record(scope: TagScope, key: number, recordedAt: number): StockedManifest {
  const tag = recordTag(scope, keyOf(key));
  return stocked(tag, { kind: 'record', recordedAt }, [tag], [layerOf(key)]);
}

export function hint(
  scope: TagScope,
  name: number,
  keys: readonly number[],
  recordedAt: number,
): StockedManifest {
  const tag = stepHintTag(scope, keyOf(name));
  return stocked(tag, { kind: 'hint', runs: keys.map((key) => ({ key: shortKey(key), recordedAt })) }, [tag]);
}

export function keyframe(scope: TagScope, number: number, commit: number, layer: number): StockedManifest {
  const tag = keyframeTag(scope, number, commitId(commit));
  return stocked(tag, { kind: 'keyframe' }, [tag], [layerOf(layer)]);
}

export function hintTo(scope: TagScope): string {
  return scope.kind === 'pull-request' ? pullRequestHint(scope.id, AMD) : branchHint(scope.branch, AMD);
}

const scope = fc.constantFrom(...SCOPES);
const small = fc.integer({ min: 0, max: 9 });
const time = fc.integer({ min: 0, max: 60 }).map((days) => NOW - days * DAY);
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const manifest: fc.Arbitrary<StockedManifest> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(scope, small, small, small, fc.array(small, { maxLength: 3 }), fc.boolean(), fc.boolean())
      .map(([of, commit, key, number, layers, isNewest, isForeign]) =>
        image(of, commit, { key, base: number, layers }, [
          ...(isNewest ? [hintTo(of)] : []),
          ...(isForeign ? [`v${commit}`] : []),
        ]),
      ),
  },
  fc.tuple(scope, small, perhaps(time)).map(([of, commit, at]) => report(of, commit, at)),
  fc.tuple(scope, small, time).map(([of, key, at]) => record(of, key, at)),
  fc
    .tuple(scope, small, fc.array(small, { minLength: 1, maxLength: 3 }), time)
    .map(([of, name, keys, at]) => hint(of, name, keys, at)),
  fc
    .tuple(scope, small, small, small)
    .map(([of, number, commit, layer]) => keyframe(of, number, commit, layer)),
  fc.tuple(scope, small, perhaps(time)).map(([of, number, at]) => base(of, number, at)),
  scope.map((of) => {
    const tag = downloadCacheTag(of, AMD);
    return stocked(tag, { kind: 'cache' }, [tag]);
  }),
  fc.tuple(scope, small, fc.boolean()).map(([of, commit, isSigned]) => {
    const subject = digestOf(commitTag(of, commitId(commit), AMD));
    const reports = [digestOf(reportTag(of, commitId(commit), AMD))];
    const members = isSigned ? [digestOf(`signature of ${subject}`)] : [];
    return stocked(`referrers of ${subject}`, { kind: 'referrers', reports, members }, [
      subject.replace(':', '-'),
    ]);
  }),
  fc.array(small, { maxLength: 2 }).map((commits) =>
    stocked(
      `index ${commits.join(' ')}`,
      {
        kind: 'foreign',
        members: commits.map((commit) =>
          digestOf(commitTag({ kind: 'branch', branch: 'gone' }, commitId(commit), AMD)),
        ),
      },
      [`multi-${commits.join('-')}`],
    ),
  ),
);

/** What a repository may hold: each manifest and each tag once. */
export const stocks: fc.Arbitrary<Stock> = fc.array(manifest, { maxLength: 40, size: 'max' }).map((all) => {
  const taken = new Set<string>();
  return [...new Map(all.map((one) => [one.digest, one])).values()]
    .map((one) => ({
      ...one,
      tags: one.tags.filter(({ name }) => !taken.has(name) && taken.add(name)),
    }))
    .filter(({ tags }) => tags.length > 0);
});

export const surroundings: fc.Arbitrary<Surroundings> = fc
  .record({
    pulls: fc.constantFrom(
      { kind: 'known', open: new Set([7]) } as const,
      { kind: 'unasked' } as const,
      { kind: 'unanswered' } as const,
    ),
    history: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    dated: fc.dictionary(small.map(commitId), time),
  })
  .map(({ pulls, history, dated }) => ({
    branches: new Set(['main', 'feature/x'].map(tagSlug)),
    pullRequests: pulls,
    positions: new Map(
      ['protected.main', 'branch.main'].map((scope) => [
        scope,
        new Map(history.map((number, position) => [commitId(number), position])),
      ]),
    ),
    dates: new Map(Object.entries(dated)),
  }));

export const policies: fc.Arbitrary<RetentionPolicy> = fc.record({
  keep: fc.integer({ min: 1, max: 4 }),
  olderThan: fc.integer({ min: 0, max: 10 }).map((days) => days * DAY),
  pullRequestAge: fc.integer({ min: 0, max: 40 }).map((days) => days * DAY),
});
