import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { cutOf } from '../../../src/adapters/git/clone-history.ts';
import { openClone } from '../../../src/adapters/git/clone.ts';
import { cutHistory, type ReadParents } from '../../../src/adapters/git/history.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';
import { runs } from '../../support/runs.ts';

const WHOLE: ReadonlySet<string> = new Set();

function readerOf(parents: Readonly<Record<string, readonly string[]>>): ReadParents {
  return async (ids) => new Map(ids.map((id) => [id, parents[id] ?? assert.fail(`asked for ${id}`)]));
}

describe('cutHistory', () => {
  const line = readerOf({ d: ['c'], c: ['b'], b: ['a'], a: [] });

  it('cuts behind the last commit of the depth, and nowhere when history is shorter', async () => {
    const source = { readParents: line, ends: WHOLE };
    assert.deepEqual(await cutHistory('d', 1, source), { cut: ['d'], isEarly: false });
    assert.deepEqual(await cutHistory('d', 3, source), { cut: ['b'], isEarly: false });
    assert.deepEqual(await cutHistory('d', 4, source), { cut: [], isEarly: false });
    assert.deepEqual(await cutHistory('d', 50, source), { cut: [], isEarly: false });
  });

  it('ends where the clone ends, unless the depth ends it before', async () => {
    const source = { readParents: line, ends: new Set(['b']) };
    assert.deepEqual(await cutHistory('d', 50, source), { cut: ['b'], isEarly: true });
    assert.deepEqual(await cutHistory('d', 3, source), { cut: ['b'], isEarly: false });
    assert.deepEqual(await cutHistory('d', 2, source), { cut: ['c'], isEarly: false });
    const toRoot = { readParents: line, ends: new Set(['a']) };
    assert.deepEqual(await cutHistory('d', 50, toRoot), { cut: [], isEarly: false });
  });

  it('cuts as git cuts, whatever the shape of the history', async () => {
    await using repository = await createRepository();
    const tree = repository.git('mktree', '--missing');
    const shape = fc.array(fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 6 }), async (commits, depth) => {
        const ids: string[] = [];
        const roots = new Set<string>();
        for (const [at, picks] of commits.entries()) {
          const parents = [...new Set(picks.map((pick) => ids[pick % Math.max(at, 1)]))].filter(
            (id) => id !== undefined,
          );
          const id = repository.git(
            'commit-tree',
            tree,
            '-m',
            `${at}`,
            ...parents.flatMap((parent) => ['-p', parent]),
          );
          if (parents.length === 0) roots.add(id);
          ids.push(id);
        }
        const tip = ids.at(-1) ?? '';
        repository.git('update-ref', 'refs/heads/main', tip);
        await using folder = await temporaryFolder();
        const cloned = join(folder.path, 'c');
        run([
          'git',
          'clone',
          '--quiet',
          '--bare',
          `--depth=${depth}`,
          '--branch=main',
          `file://${repository.path}`,
          cloned,
        ]);
        const expected = existsSync(join(cloned, 'shallow'))
          ? readFileSync(join(cloned, 'shallow'), 'utf8').trim().split('\n')
          : [];
        const clone = await openClone(
          { program: 'git', directory: repository.path, phase: 'build' },
          untilLong(),
        );
        const cut = await cutOf(clone, { commit: tip, historyDepth: depth }, untilLong());
        assert.deepEqual(cut, expected.filter((id) => !roots.has(id)).toSorted());
      }),
      { numRuns: runs(12) },
    );
  });

  it('says which commit is missing', async () => {
    await using repository = await createRepository();
    await repository.commit();
    const clone = await openClone(
      { program: 'git', directory: repository.path, phase: 'build' },
      untilLong(),
    );
    const commit = '1'.repeat(40);
    await assert.rejects(cutOf(clone, { commit, historyDepth: 5 }, untilLong()), {
      name: 'PreheatError',
      phase: 'build',
      message: `cannot read the history of commit 111111111111: the clone lacks commit ${commit}`,
    });
  });
});
