import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findHiddenPath } from '../../src/assemble/hidden-path.ts';
import { listedPaths } from '../../src/build/carried-paths.ts';
import { runs } from '../support/runs.ts';

type CarriedPaths = ReadonlyMap<string, 'directory' | 'leaf'>;

type Tree = ReadonlyMap<string, string>;

/** Puts one layer on a flat tree as the image-spec says: a leaf replaces what is there, a directory merges. */
function stack(below: Tree, layer: CarriedPaths, mark: string): Tree {
  const tree = new Map(below);
  for (const [path, kind] of layer) {
    const was = tree.get(path);
    if (kind === 'directory' && was?.startsWith('directory')) continue;
    for (const other of tree.keys()) if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
    tree.set(path, `${kind} of ${mark}`);
  }
  return tree;
}

/** All paths with their parents as directories. */
function closed(leaves: readonly string[]): CarriedPaths {
  const paths = new Map<string, 'directory' | 'leaf'>();
  for (const leaf of leaves) {
    const parts = leaf.split('/');
    if (parts.some((_, depth) => depth > 0 && paths.get(parts.slice(0, depth).join('/')) === 'leaf'))
      continue;
    if (paths.has(leaf)) continue;
    for (let depth = 1; depth < parts.length; depth++)
      paths.set(parts.slice(0, depth).join('/'), 'directory');
    paths.set(leaf, 'leaf');
  }
  return new Map([...paths].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('findHiddenPath', () => {
  const claims = { subtrees: ['w/app/node_modules'], entries: ['w/app/dist.js', 'usr/bin/tool'] };
  const cases: readonly (readonly [string, CarriedPaths, string | undefined])[] = [
    [
      'a layer beside it',
      new Map([
        ['w/app/src', 'directory'],
        ['w/app/src/a.ts', 'leaf'],
      ]),
      undefined,
    ],
    [
      'directories above it',
      new Map([
        ['w', 'directory'],
        ['w/app', 'directory'],
      ]),
      undefined,
    ],
    ['the same path', new Map([['w/app/dist.js', 'leaf']]), 'w/app/dist.js'],
    ['a leaf above it', new Map([['w/app', 'leaf']]), 'w/app'],
    [
      'something inside a folder of its own',
      new Map([['w/app/node_modules/x', 'leaf']]),
      'w/app/node_modules/x',
    ],
    ['a name that only begins alike', new Map([['w/app/node_modules_old', 'leaf']]), undefined],
  ];
  for (const [what, upper, by] of cases) {
    it(`judges ${what}`, () => assert.equal(findHiddenPath(claims, listedPaths(upper))?.by, by));
  }

  it('finds every layer that would change a path of the tasks, against a flat tree', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const leaves = fc.uniqueArray(path, { maxLength: 6 });
    fc.assert(
      fc.property(leaves, leaves, (taskLeaves, upperLeaves) => {
        const task = closed(taskLeaves);
        const upper = closed(upperLeaves);
        const alone = stack(new Map(), task, 'task');
        const stacked = stack(alone, upper, 'upper');
        const lost = [...task].some(
          ([each, kind]) => kind === 'leaf' && stacked.get(each) !== alone.get(each),
        );
        const entries = [...task].filter(([, kind]) => kind === 'leaf').map(([each]) => each);
        assert.equal(findHiddenPath({ subtrees: [], entries }, listedPaths(upper)) !== undefined, lost);
      }),
      { numRuns: runs(500) },
    );
  });
});
