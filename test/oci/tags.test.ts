import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../src/oci/digest.ts';
import { isTag } from '../../src/oci/reference.ts';
import { branchHint, commitTag, recordTag, tagSlug, type TagScope } from '../../src/oci/tags.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };
const COMMIT = 'c'.repeat(40);
const branchName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 250 });

describe('tags', () => {
  it('are readable for ordinary names', () => {
    assert.equal(
      commitTag({ kind: 'protected', branch: 'main' }, COMMIT, AMD64),
      `commit-protected.main-${COMMIT}`,
    );
    assert.equal(branchHint('main', AMD64), 'branch-main');
    assert.match(branchHint('feature/x', AMD64), /^branch-feature-x\.[0-9a-f]{12}$/);
  });

  it('are tags whatever the branch is called', () => {
    fc.assert(
      fc.property(branchName, (branch) => {
        const scope: TagScope = { kind: 'protected', branch };
        const arm = { os: 'linux', architecture: 'arm64', variant: 'v8' };
        const tags = [
          branchHint(branch, arm),
          commitTag(scope, COMMIT, arm),
          recordTag(scope, digestOf('x')),
        ];
        for (const tag of tags) assert.ok(isTag(tag), tag);
      }),
    );
  });

  it('differ where names differ', () => {
    fc.assert(
      fc.property(branchName, branchName, (one, other) => {
        fc.pre(one !== other);
        assert.notEqual(tagSlug(one), tagSlug(other));
      }),
    );
    assert.notEqual(tagSlug('feature/x'), tagSlug('feature-x'));
  });

  it('keep scopes and platforms apart', () => {
    const scopes: readonly TagScope[] = [
      { kind: 'protected', branch: 'x' },
      { kind: 'branch', branch: 'x' },
      { kind: 'pull-request', id: 1 },
    ];
    const tags = scopes.flatMap((scope) => [
      commitTag(scope, COMMIT, AMD64),
      commitTag(scope, COMMIT, { os: 'linux', architecture: 'arm64' }),
    ]);
    assert.equal(new Set(tags).size, tags.length);
  });
});
