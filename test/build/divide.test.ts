import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findHiddenPath } from '../../src/assemble/hidden-path.ts';
import { listedPaths, type ListedPaths } from '../../src/build/carried-paths.ts';
import type { Changes, PresentChange } from '../../src/build/changes.ts';
import { compareListings, keepListing } from '../../src/build/compare-listings.ts';
import { divide, type Division, type LayerContent } from '../../src/build/divide.ts';
import { watchPaths } from '../../src/build/carried-traces.ts';
import { plainFolderLook, type Look } from '../../src/build/entry-look.ts';
import { impliedFolders } from '../../src/build/folders-above.ts';
import { prevailingOwner } from '../../src/build/prevailing-owner.ts';
import { settleCarried } from '../../src/build/settle-carried.ts';
import {
  foldersAbove,
  lookParts,
  lookText,
  ModelFileSystem,
  overlay,
  VERBS,
  type Laying,
  type ModelLayer,
  type Operation,
  type Tree,
} from './layered-tree.ts';
import { runs } from '../support/runs.ts';

const name = fc.constantFrom('a', 'b');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { arbitrary: fc.record({ verb: fc.constantFrom(...VERBS), path, to: path }), weight: 20 },
  { arbitrary: fc.constant({ verb: 'own-all', path: 'a', to: '' } as const), weight: 1 },
);

interface LayerLook {
  readonly mode?: string;
  readonly owner?: number;
}

/** Leaves at the given paths, as far as they do not lie below one another. */
function leavesOf(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  return [...all]
    .filter((one) => ![...all].some((other) => other !== one && other.startsWith(`${one}/`)))
    .toSorted();
}

/** A source names its folders, the runtime layer does not: they are the base's. */
function layerOf(
  layer: string,
  paths: readonly string[],
  withFolders: boolean,
  { mode = '755', owner = 0 }: LayerLook = {},
): ModelLayer {
  const leaves = leavesOf(paths);
  const folders = withFolders ? [...new Set(leaves.flatMap(foldersAbove))].toSorted() : [];
  return {
    name: layer,
    whiteouts: [],
    entries: [
      ...folders.map((folder) => [folder, 'directory', lookText({ base: mode, owner })] as const),
      ...leaves.map((leaf) => [leaf, 'leaf', lookText({ base: `of ${layer}`, owner, mtime: 1 })] as const),
    ],
  };
}

function carriedBy(layers: readonly ModelLayer[]): ListedPaths {
  const kinds = layers.flatMap(({ entries }) => entries.map(([at, kind]) => [at, kind] as const));
  return listedPaths(new Map(kinds));
}

function modelLayer(
  layer: string,
  { entries, folders, whiteouts }: LayerContent,
  system: ModelFileSystem,
): ModelLayer {
  return {
    name: layer,
    whiteouts,
    entries: [...folders, ...entries].toSorted().map((at) => system.nodeAt(at)),
  };
}

function nodesOf(paths: readonly string[], system: ModelFileSystem): ModelLayer {
  return { name: 'container', whiteouts: [], entries: paths.map((at) => system.nodeAt(at)) };
}

function looksInModel(layers: readonly ModelLayer[]): ReadonlyMap<string, Look> {
  const entries = layers.flatMap((layer) => layer.entries);
  return new Map(
    entries.map(([at, kind, look]) => {
      const { base, owner, note, mtime } = lookParts(look);
      const owners = `${owner}:${owner}`;
      const isPlain = kind === 'directory' && note === '';
      return [
        at,
        isPlain ? plainFolderLook(base, owners) : { owner: owners, rest: [kind, base, note, mtime].join() },
      ];
    }),
  );
}

function lay(bottom: Tree, layers: readonly ModelLayer[], laying: Laying): Tree {
  return layers.reduce((tree, layer) => overlay(tree, layer, laying), bottom);
}

function looksOf(tree: Tree): ReadonlyMap<string, string> {
  return new Map([...tree].map(([at, { kind, look }]) => [at, `${kind} ${look}`]));
}

function sorted(map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function* listed<T>(items: readonly T[]) {
  yield* items;
}

/** Asserts that each path of a patch is told, with all that lies below unless a folder stays a folder. */
function assertTold(
  { patch, patched }: Pick<Division, 'patch' | 'patched'>,
  carried: ListedPaths,
  system: ModelFileSystem,
): void {
  const ends = system.looks();
  const told = new Map(patched.map((each) => [each.path, each.below]));
  for (const at of [...patch.entries, ...patch.whiteouts]) {
    const staysFolder = carried.get(at) === 'directory' && ends.get(at)?.startsWith('directory ') === true;
    assert.equal(told.get(at), !staysFolder, `${at} is patched, and how is not told`);
  }
}

describe('divide', () => {
  it('gives layers that stack to the file system in which the tasks ended, none of the tasks’ paths hidden', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          base: fc.array(path, { maxLength: 8 }),
          source: fc.array(
            path.map((at) => `a/${at}`),
            { maxLength: 5 },
          ),
          runtime: fc.array(
            path.map((at) => `b/b/${at}`),
            { maxLength: 2 },
          ),
          operations: fc.array(operation, { maxLength: 24, size: 'max' }),
        }),
        async ({ base, source, runtime, operations }) => {
          const bottom = overlay(new Map(), layerOf('base', base, true, { mode: '775' }), 'merged');
          const laid = [layerOf('runtime', runtime, false), layerOf('source', source, true)];
          const carried = carriedBy(laid);
          const system = new ModelFileSystem(lay(bottom, laid, 'merged'));
          const before = await keepListing(listed(system.listing()));
          for (const step of operations) system.apply(step);
          const implied = impliedFolders(carried);
          const root = { uid: 0, gid: 0 };
          const watched = watchPaths(
            before,
            listed(system.listing()),
            (at) => carried.has(at) || implied.has(at),
            root,
          );
          const moved = await compareListings(before, watched.listed, {
            home: '/root',
            watched: implied,
          });
          const scene = { carried, traces: watched.traces, restated: new Map<string, Look>() };
          const owner = prevailingOwner({ ...scene, deleted: moved.deleted }, 'a')?.uid;
          const uppers =
            owner === undefined ? laid : [...laid.slice(0, 1), layerOf('source', source, true, { owner })];
          const looks = looksInModel(uppers);
          const changes = await settleCarried(moved, scene, owner === undefined ? undefined : looks, {
            inLayers: async () => looks,
            inContainer: async (paths) => ({
              looks: looksInModel([nodesOf(paths, system)]),
              linked: new Set(),
              inherited: new Set(),
            }),
          });
          const { task, patch, claims, patched } = divide(changes, carried);

          const stack = [modelLayer('task', task, system), ...uppers, modelLayer('patch', patch, system)];
          for (const laying of ['apart', 'merged'] as const) {
            const stacked = lay(bottom, stack, laying);
            assert.deepEqual(sorted(looksOf(stacked)), sorted(system.looks()));
            for (const at of task.entries) {
              const node = stacked.get(at);
              assert.ok(node?.kind === 'directory' || node?.layer === 'task', `${at} is hidden`);
            }
          }
          const unpatched = lay(bottom, [modelLayer('task', task, system), ...uppers], 'merged');
          for (const at of patch.entries.filter((entry) => carried.has(entry))) {
            assert.notEqual(
              looksOf(unpatched).get(at),
              system.looks().get(at),
              `${at} is patched for nothing`,
            );
          }
          assertTold({ patch, patched }, carried, system);
          assert.equal(findHiddenPath(claims, carried), undefined);
          const claimed = new Set([...claims.subtrees, ...claims.entries]);
          for (const at of [...task.entries, ...task.whiteouts]) {
            assert.ok(
              [at, ...foldersAbove(at)].some((folder) => claimed.has(folder)),
              `${at} is not claimed`,
            );
          }
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  const carried = listedPaths(
    new Map([
      ['ws', 'directory'],
      ['ws/src', 'directory'],
      ['ws/src/a.ts', 'leaf'],
      ['opt/preheat', 'directory'],
      ['opt/preheat/start', 'leaf'],
    ]),
  );

  function divided(present: readonly Partial<PresentChange>[], deleted: readonly string[] = []) {
    const whole = present.map(
      (change) => ({ path: '', kind: 'leaf', added: false, attributes: true, ...change }) as const,
    );
    return divide({ present: whole, deleted, unusual: [] } satisfies Changes, carried);
  }

  const NONE = { entries: [], folders: [], whiteouts: [] };

  it('puts what tasks make beside the sources into the task layer', () => {
    const { task, patch, claims } = divided([
      { path: 'ws/dist', kind: 'directory', added: true },
      { path: 'ws/dist/a.js', added: true },
      { path: 'etc/x' },
    ]);
    assert.deepEqual(task, {
      entries: ['etc/x', 'ws/dist', 'ws/dist/a.js'],
      folders: ['etc', 'ws'],
      whiteouts: [],
    });
    assert.deepEqual(patch, NONE);
    assert.deepEqual(claims, { subtrees: ['ws/dist'], entries: ['etc/x'] });
  });

  it('patches a changed or deleted source, never a folder for its mtime alone', () => {
    const FOLDERS = ['ws', 'ws/src'];
    const folder = { path: 'ws/src', kind: 'directory', attributes: false } as const;
    assert.deepEqual(divided([folder, { path: 'ws/src/a.ts' }]).patch, {
      entries: ['ws/src/a.ts'],
      folders: FOLDERS,
      whiteouts: [],
    });
    assert.deepEqual(divided([folder], ['ws/src/a.ts']).patch, {
      entries: [],
      folders: FOLDERS,
      whiteouts: ['ws/src/a.ts'],
    });
    assert.deepEqual(divided([{ ...folder, attributes: true }]).patch, {
      entries: ['ws/src'],
      folders: ['ws'],
      whiteouts: [],
    });
  });

  it('patches what lies below a source that became a folder', () => {
    const { task, patch } = divided([
      { path: 'ws/src/a.ts', kind: 'directory' },
      { path: 'ws/src/a.ts/x', added: true },
    ]);
    assert.deepEqual(
      { task, patch },
      {
        task: NONE,
        patch: { entries: ['ws/src/a.ts', 'ws/src/a.ts/x'], folders: ['ws', 'ws/src'], whiteouts: [] },
      },
    );
  });

  it('takes away the topmost path only, above the sources where one lies below it', () => {
    const { task, patch } = divided([], ['usr/doc', 'usr/doc/x', 'opt', 'opt/preheat', 'opt/preheat/start']);
    assert.deepEqual(
      { task, patch },
      {
        task: { entries: [], folders: ['usr'], whiteouts: ['usr/doc'] },
        patch: { entries: [], folders: [], whiteouts: ['opt'] },
      },
    );
  });

  it('makes no whiteouts below a leaf that replaced a folder', () => {
    const { task } = divided([{ path: 'usr/doc' }], ['usr/doc/x', 'usr/doc/x/y']);
    assert.deepEqual(task, { entries: ['usr/doc'], folders: ['usr'], whiteouts: [] });
  });
});
