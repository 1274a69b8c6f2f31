import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  labelsOfLeftover,
  leftoverRepository,
} from '../../../../src/adapters/engine/buildkit/leftover-name.ts';
import { runLabels } from '../../../../src/build/sweep.ts';
import { parseReference } from '../../../../src/oci/reference.ts';

describe('leftoverRepository', () => {
  it('keeps labels in the name of an image', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (labels) => {
        const name = leftoverRepository(labels);
        parseReference(name);
        assert.deepEqual({ ...labelsOfLeftover(`${name}:tag`) }, { ...labels });
      }),
    );
  });

  it('has room for a run on a host with the longest name', () => {
    const host = Array.from(
      { length: 64 },
      (_, at) => 'abcdefghijklmnopqrstuvwxyz0123456789'[(at * 7) % 36],
    ).join('');
    const boot = '6913c126-a0f2-4172-bf4a-a6d544ea78f2';
    const id = 'f757f89b-1f67-4b0e-9d07-25f0ac4e9d3c';
    const labels = runLabels({
      id,
      owner: { host, boot, pidNamespace: 4_026_531_836, pid: 4_194_304 },
      deadline: 1_900_000_000,
    });
    assert.ok(`${leftoverRepository(labels)}:pin-99`.length <= 255);
  });

  it('knows no labels of other names', () => {
    for (const name of [
      'busybox:1',
      'preheat.invalid/:x',
      'preheat.invalid/zz:x',
      'preheat.invalid/1a',
      'other/1a:x',
    ])
      assert.equal(labelsOfLeftover(name), undefined);
  });
});
