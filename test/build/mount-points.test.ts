import assert from 'node:assert/strict';
import { mountPointsOf } from '../../src/build/mount-points.ts';

describe('mountPointsOf', () => {
  it('reads the fifth field, without the root, unescaped', () => {
    const text = [
      '110 61 0:50 / / rw,relatime master:3 - overlay overlay rw',
      '128 110 254:0 /x/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda rw',
      String.raw`129 110 254:0 /y /my\040data\134x rw - ext4 /dev/vda rw`,
      '',
    ].join('\n');
    assert.deepEqual(mountPointsOf(text), ['etc/resolv.conf', 'my data\\x']);
  });
});
