import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { readTag } from '../../src/oci/known-tag.ts';
import {
  basePinsTag,
  branchHint,
  builtBaseTag,
  commitTag,
  downloadCacheTag,
  importedBaseTag,
  keyframeTag,
  pullRequestHint,
  recordTag,
  stepHintTag,
  tagSlug,
  type TagScope,
} from '../../src/oci/tags.ts';

const COMMIT = 'c'.repeat(40);
const KEY = digestOf('key');
const branch = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '_', '/', '.', 'é'), minLength: 1 });
const scope: fc.Arbitrary<TagScope> = fc.oneof(
  fc.record({ kind: fc.constantFrom('protected' as const, 'branch' as const), branch }),
  fc.record({ kind: fc.constant('pull-request' as const), id: fc.integer({ min: 1, max: 99_999 }) }),
);
const platform = fc.constantFrom(
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
  { os: 'linux', architecture: 'arm', variant: 'v7' },
);
const suffix = ({ os, architecture, variant }: { os: string; architecture: string; variant?: string }) =>
  architecture === 'amd64' ? {} : { platform: [os, architecture, variant].filter(Boolean).join('.') };

describe('readTag', () => {
  it('reads what tags of commits, keyframes, branches and pull requests are made of', () => {
    fc.assert(
      fc.property(scope, platform, (of, on) => {
        const name = of.kind === 'pull-request' ? `pr.${of.id}` : `${of.kind}.${tagSlug(of.branch)}`;
        const commit = { kind: 'commit', scope: name, commit: COMMIT, ...suffix(on) };
        assert.deepEqual(readTag(commitTag(of, COMMIT, on)), commit);
        const keyframe = { kind: 'keyframe', scope: name, number: 12, commit: COMMIT };
        assert.deepEqual(readTag(keyframeTag(of, 12, `${COMMIT}${'0'.repeat(24)}`)), keyframe);
        if (of.kind === 'pull-request') {
          const pull = { kind: 'pull-request', name: String(of.id), ...suffix(on) };
          assert.deepEqual(readTag(pullRequestHint(of.id, on)), pull);
        } else {
          const hint = { kind: 'branch', name: tagSlug(of.branch), ...suffix(on) };
          assert.deepEqual(readTag(branchHint(of.branch, on)), hint);
        }
      }),
    );
  });

  it('tells what preheat keeps for itself from what is foreign', () => {
    const on = { os: 'linux', architecture: 'amd64' };
    const arm = { os: 'linux', architecture: 'arm64' };
    const main = { kind: 'protected', branch: 'main' } as const;
    const other = { kind: 'branch', branch: 'feature/x' } as const;
    const [of, key] = ['protected.main', hexOf(KEY).slice(0, 40)];
    for (const [tag, known] of [
      [recordTag(main, KEY), { kind: 'step', scope: of, key }],
      [recordTag(other, KEY), { kind: 'step', scope: `branch.${tagSlug('feature/x')}`, key }],
      [stepHintTag(main, KEY), { kind: 'hint', scope: of, key }],
      [builtBaseTag(main, KEY), { kind: 'base', scope: of, key }],
      [importedBaseTag(KEY), { kind: 'base', image: hexOf(KEY) }],
      [basePinsTag('main', on), { kind: 'pins', name: 'main' }],
      [basePinsTag('feature/x', arm), { kind: 'pins', name: tagSlug('feature/x'), platform: 'linux.arm64' }],
      [downloadCacheTag(main, on), { kind: 'cache', scope: of }],
      [
        downloadCacheTag(other, arm),
        { kind: 'cache', scope: `branch.${tagSlug('feature/x')}`, platform: 'linux.arm64' },
      ],
    ] as const)
      assert.deepEqual(readTag(tag), known);
    for (const tag of [
      'latest',
      'v1.2.3',
      'commit-main',
      'branch-',
      'pr-x',
      'main',
      'base-ubuntu',
      'step-2',
      'cache-x',
      'hint-',
    ])
      assert.equal(readTag(tag), undefined);
  });
});
