import assert from 'node:assert/strict';
import { likelyOwner } from '../../src/build/likely-owner.ts';

const ROOT = { uid: 0, gid: 0 };

describe('likelyOwner', () => {
  const cases = [
    ['', ROOT],
    ['root', ROOT],
    ['0', ROOT],
    ['0:0', ROOT],
    ['root:root', ROOT],
    ['gitpod', { uid: 33_333, gid: 33_333 }],
    ['1000:100', { uid: 1000, gid: 100 }],
    // The group of these stands in the image alone.
    ['1000', undefined],
    ['node', undefined],
    ['root:docker', undefined],
  ] as const;
  for (const [configured, owner] of cases)
    it(`takes ${JSON.stringify(configured)} for ${owner === undefined ? 'nobody' : `${owner.uid}:${owner.gid}`}`, () => {
      assert.deepEqual(likelyOwner(configured, undefined), owner);
    });

  it('takes whom an earlier checkout belongs to before all else', () => {
    assert.deepEqual(likelyOwner('root', { uid: 5, gid: 6 }), { uid: 5, gid: 6 });
  });
});
