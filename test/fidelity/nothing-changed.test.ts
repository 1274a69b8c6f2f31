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

/** The source layer's entry for a folder above the checkout takes the place of the base's, and knows no attributes. */
const KNOWN = [{ path: 'workspace', what: 'attribute user.of.base' }];

describe('an image whose task changed nothing', () => {
  it('has no layer of tasks, and all of its base, with equal and empty layers', async function test() {
    this.timeout(LONGEST_MS);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-fidelity-'));
    await using registry = await startRegistry();
    try {
      const base = await publishBase(registry.host, folder.path, { signal: AbortSignal.timeout(LONGEST_MS) });
      const { image, roles, original } = await publishCases(base, registry.host, []);
      assert.deepEqual(roles, [...Array<string>(7).fill('base'), 'runtime', 'source']);
      const seen = await seenByDocker(image);
      assert.ok(seen.has('base/same') && seen.has('base/opaque/new') && !seen.has('base/opaque/old'));
      assert.deepEqual(differencesOf(original, seen, isComparable), KNOWN);
    } finally {
      await removeImagesOf(registry.host);
    }
  });
});
