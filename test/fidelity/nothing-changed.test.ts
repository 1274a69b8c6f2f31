import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { removeImagesOf } from '../support/containers.ts';
import { startRegistry } from '../support/registry.ts';
import { join } from 'node:path';
import { publishBase } from './base-image.ts';
import { differencesOf } from './compare-trees.ts';
import { isComparable } from './dump-container.ts';
import { seenByDocker } from './referees.ts';
import { publishCases } from './run-scenario.ts';

const LONGEST_MS = 600_000;

describe('an image whose task changed nothing', () => {
  it('has all of its base, with equal and empty layers, and a patch only for the folder above the checkout', async function test() {
    this.timeout(LONGEST_MS);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-fidelity-'));
    await using registry = await startRegistry();
    try {
      const base = await publishBase(registry.host, folder.path, { signal: AbortSignal.timeout(LONGEST_MS) });
      const { image, roles, original } = await publishCases(base, registry.host, []);
      assert.deepEqual(roles, [...Array<string>(7).fill('base'), 'runtime', 'source', 'patch']);
      const seen = await seenByDocker(image);
      assert.ok(seen.has('base/same') && seen.has('base/opaque/new') && !seen.has('base/opaque/old'));
      assert.deepEqual(differencesOf(original, seen, isComparable), []);
      const { mode, owner, attributes } = seen.get('workspace') ?? {};
      assert.deepEqual([mode, owner, attributes?.get('user.of.base')], ['2770', '0:0', '01']);
    } finally {
      await removeImagesOf(registry.host);
    }
  });
});
