import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Keyframe } from '../../src/observe/keyframe.ts';
import { keyframeDue, type WantedSource } from '../../src/plan/keyframe-due.ts';
import { keyframeFor } from '../support/keyframes.ts';

const COMMIT = '1'.repeat(40);
const MODE = { submodules: 'recursive', lfs: 'pointers' } as const;
const OWNER = { uid: 33333, gid: 33333 };

const keyframe = (size = 1000): Keyframe => keyframeFor(COMMIT, { size });

const WANTED: WantedSource = {
  commit: '2'.repeat(40),
  location: '/workspace/app',
  owner: OWNER,
  historyDepth: 50,
  mode: MODE,
};

describe('keyframeDue', () => {
  const cases: readonly (readonly [string, Partial<WantedSource>, RegExp])[] = [
    ['another object format', { commit: '2'.repeat(64) }, /another object format$/],
    ['another location', { location: '/workspace/other' }, /another location$/],
    ['another user', { owner: { ...OWNER, uid: 0 } }, /another owner$/],
    ['another group', { owner: { ...OWNER, gid: 0 } }, /another owner$/],
    ['another history depth', { historyDepth: 51 }, /another history depth$/],
    ['other submodules', { mode: { ...MODE, submodules: 'none' } }, /another submodule mode$/],
    ['contents of Git LFS', { mode: { ...MODE, lfs: 'contents' } }, /another Git LFS mode$/],
    ['a base with files in the checkout', { wholeBecause: 'the base has files' }, /^the base has files$/],
  ];
  for (const [what, difference, reason] of cases) {
    it(`asks for a new keyframe for ${what}, however small the delta is`, () => {
      assert.match(keyframeDue(keyframe(), { ...WANTED, ...difference }) ?? '', reason);
      assert.match(keyframeDue(keyframe(), { ...WANTED, ...difference }, { size: 0 }) ?? '', reason);
    });
  }

  it('asks for the first one', () => {
    assert.match(keyframeDue(undefined, WANTED) ?? '', /no keyframe yet/);
  });

  it('has a delta tried upon a keyframe of the same kind, whatever it is of', () => {
    assert.equal(keyframeDue(keyframe(), WANTED), undefined);
    assert.equal(keyframeDue(keyframe(0), WANTED), undefined);
  });

  it('asks for a new one exactly where the delta takes more than a quarter and 64 KiB, or would hide a path', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(300_000),
        fc.option(fc.string({ minLength: 1 })),
        (size, delta, hidden) => {
          const due = keyframeDue(keyframe(size), WANTED, { size: delta, hidden: hidden ?? undefined });
          assert.equal(due !== undefined, hidden !== null || (delta * 4 > size && delta > 65_536));
          if (hidden !== null) assert.ok(due?.includes(`/${hidden}`));
        },
      ),
    );
    assert.equal(keyframeDue(keyframe(1_000_000), WANTED, { size: 250_000 }), undefined);
    assert.match(keyframeDue(keyframe(1_000_000), WANTED, { size: 250_001 }) ?? '', /a quarter/);
    assert.equal(keyframeDue(keyframe(1000), WANTED, { size: 65_536 }), undefined);
    assert.match(keyframeDue(keyframe(1000), WANTED, { size: 65_537 }) ?? '', /a quarter/);
  });
});
