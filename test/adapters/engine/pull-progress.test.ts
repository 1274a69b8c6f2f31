import assert from 'node:assert/strict';
import { createPullProgress } from '../../../src/adapters/engine/pull-progress.ts';

describe('createPullProgress', () => {
  it('counts what is downloaded over all layers that the engine fetches', () => {
    const progress = createPullProgress();
    const told = [
      progress({ status: 'Pulling from library/node', id: '24-bookworm' }),
      progress({ status: 'Already exists', id: 'a' }),
      progress({ status: 'Pulling fs layer', id: 'b' }),
      progress({ status: 'Downloading', id: 'b', progressDetail: { current: 5_000_000, total: 41_000_000 } }),
      progress({
        status: 'Downloading',
        id: 'c',
        progressDetail: { current: 20_000_000, total: 100_000_000 },
      }),
      progress({ status: 'Download complete', id: 'b' }),
      progress({ status: 'Extracting', id: 'b', progressDetail: { current: 1, total: 41_000_000 } }),
      progress({ status: 'Download complete', id: 'c', progressDetail: {} }),
    ];
    assert.deepEqual(told, [
      '',
      '',
      '',
      '5.0 MB of 41 MB',
      '25 MB of 141 MB',
      '61 MB of 141 MB',
      '61 MB of 141 MB',
      '141 MB of 141 MB',
    ]);
  });
});
