import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findHiddenPath } from '../../src/assemble/hidden-path.ts';
import { listedPaths } from '../../src/build/carried-paths.ts';
import { coverOf, planDelta, type DeltaPaths } from '../../src/build/plan-delta.ts';
import { foldersAbove, lookText, overlay, type Laying, type ModelLayer, type Tree } from './layered-tree.ts';

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** Leaves by path with what they hold, no leaf below another, and folders of their own. */
const files = fc
  .record({
    leaves: fc.array(fc.tuple(path, fc.constantFrom('x', 'y', 'z')), { maxLength: 7 }),
    folders: fc.array(path, { maxLength: 2 }),
  })
  .map(({ leaves, folders }) => checkoutOf(leaves, folders));

type Checkout = ReadonlyMap<string, readonly [kind: 'directory' | 'leaf', look: string]>;

function checkoutOf(leaves: readonly (readonly [string, string])[], folders: readonly string[]): Checkout {
  const made = new Map<string, readonly ['directory' | 'leaf', string]>();
  const all = [...folders.map((each) => [each] as const), ...leaves];
  for (const [each, content] of all) {
    if (foldersAbove(each).some((folder) => made.get(folder)?.[0] === 'leaf') || made.has(each)) continue;
    for (const folder of foldersAbove(each))
      made.set(folder, ['directory', lookText({ base: '755', owner: 5 })]);
    const isFolder = content === undefined;
    const look = isFolder
      ? lookText({ base: '755', owner: 5 })
      : lookText({ base: content, owner: 5, mtime: 1 });
    made.set(each, [isFolder ? 'directory' : 'leaf', look]);
  }
  return new Map([...made].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function layerOf(layer: string, checkout: Checkout): ModelLayer {
  return {
    name: layer,
    whiteouts: [],
    entries: [...checkout].map(([each, [kind, look]]) => [each, kind, look]),
  };
}

function pathsOf(before: Checkout, after: Checkout): DeltaPaths {
  const kinds = (checkout: Checkout) =>
    listedPaths(new Map([...checkout].map(([each, [kind]]) => [each, kind] as const)));
  const changed = [...after].filter(
    ([each, [kind, look]]) =>
      kind === 'leaf' && (before.get(each)?.[0] !== kind || before.get(each)?.[1] !== look),
  );
  return {
    before: kinds(before),
    after: kinds(after),
    changed: new Set(changed.map(([each]) => each)),
    folders: emptyOf(after),
    gone: [...before.keys()].filter((each) => !after.has(each) && !holdsAny(each, before)),
  };
}

/** Folders in which nothing lies. */
function emptyOf(checkout: Checkout): readonly string[] {
  const folders = [...checkout].filter(([, [kind]]) => kind === 'directory').map(([each]) => each);
  return folders.filter((each) => !holdsAny(each, checkout));
}

function holdsAny(folder: string, checkout: Checkout): boolean {
  return [...checkout.keys()].some((each) => each.startsWith(`${folder}/`));
}

function deltaOf(before: Checkout, after: Checkout): ModelLayer {
  const { entries, whiteouts } = planDelta(pathsOf(before, after));
  return {
    name: 'delta',
    whiteouts,
    entries: entries.map((each) => {
      const [kind, look] = after.get(each) ?? assert.fail(`${each} is not of the later checkout`);
      return [each, kind, look];
    }),
  };
}

function looks(tree: Tree): readonly string[] {
  return [...tree].map(([each, { kind, look }]) => `${each} ${kind} ${look}`).toSorted();
}

const laying = fc.constantFrom<Laying>('merged', 'apart');

describe('planDelta', () => {
  it('turns a keyframe into the later checkout, also where an engine unpacks layers by themselves', () => {
    fc.assert(
      fc.property(files, files, laying, (before, after, how) => {
        const keyframe = overlay(new Map(), layerOf('keyframe', before), how);
        const stacked = overlay(keyframe, deltaOf(before, after), how);
        assert.deepEqual(looks(stacked), looks(overlay(new Map(), layerOf('own', after), how)));
      }),
    );
  });

  it('holds nothing where nothing differs, and each path once', () => {
    fc.assert(
      fc.property(files, files, (before, after) => {
        assert.deepEqual(planDelta(pathsOf(before, before)), { entries: [], whiteouts: [] });
        const { entries, whiteouts } = planDelta(pathsOf(before, after));
        const all = [...entries, ...whiteouts];
        assert.equal(new Set(all).size, all.length);
        const taken = new Set(whiteouts);
        assert.ok(all.every((each) => !foldersAbove(each).some((folder) => taken.has(folder))));
      }),
    );
  });
});

describe('the cover of keyframe and delta', () => {
  it('lets them lie only above tasks of which they hide nothing, and then equals the commit’s own layer', () => {
    let stackedAny = 0;
    let refusedAny = 0;
    fc.assert(
      fc.property(files, files, files, laying, (before, after, tasks, how) => {
        const leaves = [...tasks].filter(([, [kind]]) => kind === 'leaf').map(([each]) => each);
        const paths = pathsOf(before, after);
        const cover = coverOf(paths, planDelta(paths));
        if (findHiddenPath({ subtrees: [], entries: leaves }, cover) !== undefined) {
          refusedAny++;
          return;
        }
        stackedAny++;
        const below = overlay(new Map(), layerOf('tasks', tasks), how);
        const keyframe = overlay(below, layerOf('keyframe', before), how);
        const stacked = overlay(keyframe, deltaOf(before, after), how);
        const own = overlay(below, layerOf('own', after), how);
        for (const leaf of leaves) assert.equal(stacked.get(leaf)?.layer, 'tasks', leaf);
        assert.deepEqual(
          leavesOf(stacked).filter((each) => !after.has(each)),
          leaves.toSorted(),
        );
        assert.deepEqual(leavesOf(stacked), leavesOf(own));
      }),
      { numRuns: 500 },
    );
    assert.ok(stackedAny > 50 && refusedAny > 50, `${stackedAny} and ${refusedAny}`);
  });

  it('refuses a folder that a commit gave up and the tasks now make', () => {
    const before = checkoutOf([['dist/a.js', 'x']], []);
    const paths = pathsOf(before, checkoutOf([['README.md', 'x']], []));
    const cover = coverOf(paths, planDelta(paths));
    const claims = { subtrees: ['dist'], entries: [] };
    assert.deepEqual(findHiddenPath(claims, paths.after), undefined);
    assert.equal(findHiddenPath(claims, cover)?.path, 'dist');
    assert.equal(findHiddenPath({ subtrees: [], entries: ['dist/b.js'] }, cover)?.by, 'dist');
  });
});

function leavesOf(tree: Tree): readonly string[] {
  return [...tree].flatMap(([each, { kind }]) => (kind === 'leaf' ? [each] : [])).toSorted();
}
