import assert from 'node:assert/strict';
import type { PruneResult } from '../../src/prune/prune-result.ts';
import { renderPrune } from '../../src/prune/render-prune.ts';

const RESULT: PruneResult = {
  schemaVersion: 1,
  location: 'registry.example.org/team/app',
  applied: false,
  going: [
    { kind: 'image', digest: 'sha256:1', tags: ['commit-a', 'branch-a'], why: 'its branch is gone' },
    { kind: 'image', digest: 'sha256:2', tags: ['commit-b'], why: 'its branch is gone' },
    { kind: 'record', digest: 'sha256:3', tags: ['step-a'], why: 'nothing names it' },
  ],
  kept: { image: 1, record: 2, foreign: 1 },
  unjudged: ['commit-c'],
  freedBytes: 97_400_000,
};

describe('renderPrune', () => {
  it('says what would go and why, what stays, and how to do it', () => {
    assert.deepEqual(renderPrune(RESULT), [
      'would delete from registry.example.org/team/app',
      '  2 images: its branch is gone',
      '    commit-a',
      '    branch-a',
      '    commit-b',
      '  1 record: nothing names it',
      '    step-a',
      'frees up to 97 MB',
      'keeps 1 image, 2 records, 1 tag of others',
      '1 tag stays since neither the clone nor a report tells how old it is',
      'Nothing was deleted: --apply (APPLY) does it.',
    ]);
  });

  it('says what is freed, and by whom', () => {
    const applied = { ...RESULT, applied: true, unjudged: [] };
    assert.equal(renderPrune(applied).at(-2), 'up to 97 MB for the registry to free');
    assert.equal(renderPrune({ ...applied, sweptBytes: 1000 }).at(-2), '1.0 kB freed');
    assert.deepEqual(renderPrune({ ...applied, going: [], kept: {} }), [
      'nothing to delete in registry.example.org/team/app',
      'keeps nothing',
    ]);
    const swept = renderPrune({ ...applied, going: [], sweptBytes: 1000 });
    assert.equal(swept[1], '1.0 kB freed');
  });

  it('cuts long lists', () => {
    const tags = Array.from({ length: 14 }, (_, at) => `step-${at}`);
    const lines = renderPrune({ ...RESULT, going: [{ kind: 'record', digest: 'sha256:3', tags, why: 'x' }] });
    assert.ok(lines.includes('    step-9') && !lines.includes('    step-10'));
    assert.ok(lines.includes('    and 4 more (--json has them all)'));
  });
});
