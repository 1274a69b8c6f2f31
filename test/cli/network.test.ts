import assert from 'node:assert/strict';
import { networkOf } from '../../src/cli/network.ts';
import { readSettings } from '../../src/cli/read-settings.ts';

describe('the network of tasks in keys', () => {
  it('is there only where it is not the usual one, by its name or by default', () => {
    assert.deepEqual(networkOf(readSettings('build', {}, {})), {});
    assert.deepEqual(networkOf(readSettings('plan', { network: 'bridge' }, {})), {});
    assert.deepEqual(networkOf(readSettings('plan', { network: 'none' }, {})), { network: 'none' });
  });
});
