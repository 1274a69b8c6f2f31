import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CarriedPaths } from '../../src/build/carried-paths.ts';
import { messageOf } from '../../src/kernel/failure.ts';
import { createRepository, type TestRepository } from '../adapters/git/git-fixture.ts';
import { runs } from '../support/runs.ts';
import { openDeltaScene } from './delta-scene.ts';
import { history, writeHistory, type Library } from './random-history.ts';
import { apartFromPacks, stackStaged } from './stacked-layers.ts';
import { unpackLayers, type UnpackedLayers } from './unpacked-layers.ts';

/** A library with a submodule of its own, which comes, moves and goes. */
async function makeLibrary(stack: AsyncDisposableStack): Promise<Library> {
  const nested = stack.use(await createRepository());
  const deep = await nested.commit({ 'n.txt': 'nested\n', '.gitattributes': '*.txt text eol=crlf\n' });
  const library = stack.use(await createRepository());
  const first = await library.commit({ 'lib.txt': 'old\n', 'gone/x': 'x\n' });
  const second = await addSubmodule(library, nested, deep);
  library.git('rm', '-r', '--quiet', 'gone');
  const third = await library.commit({ 'lib.txt': 'new\n', gone: 'a file now\n' });
  return { url: library.path, commits: [first, second, third] };
}

async function addSubmodule(library: TestRepository, nested: TestRepository, commit: string) {
  library.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub/nested`);
  library.git('config', '--file', '.gitmodules', 'submodule.deep.path', 'sub/nested');
  library.git('config', '--file', '.gitmodules', 'submodule.deep.url', nested.path);
  library.git('add', '.gitmodules');
  library.git('commit', '--quiet', '--message', 'nested');
  return library.git('rev-parse', 'HEAD');
}

/** What a commit was pushed to, and where: keyframes are of `main`, without a remote. */
const pushed = fc.constantFrom(
  {},
  { ref: { kind: 'branch', name: 'side/way' } as const },
  { ref: { kind: 'detached' } as const },
  { remoteUrl: 'file:///elsewhere/app' },
);

/** What git says; `foreach` ends at a gitlink that `.gitmodules` does not describe, in every checkout that has one. */
function answerOf(checkout: UnpackedLayers, question: readonly string[]): string {
  try {
    return checkout.git(...question);
  } catch (thrown) {
    const [undescribed] =
      /No url found for submodule path '.*' in \.gitmodules/.exec(messageOf(thrown)) ?? [];
    if (question[1] !== 'foreach' || undescribed === undefined) throw thrown;
    return undescribed;
  }
}

/** Of `earlier`, whatever is not among the kinds has to be gone. */
function assertCarries(
  carried: CarriedPaths,
  kinds: ReadonlyMap<string, string>,
  earlier: Iterable<string>,
): void {
  for (const path of [...kinds.keys(), ...earlier, 'workspace/ap', 'workspace/app/0']) {
    assert.equal(carried.get(path), kinds.get(path), path);
    const below = carried.findBelow(path);
    const holds = [...kinds.keys()].some((each) => each.startsWith(`${path}/`));
    assert.equal(below !== undefined, holds, path);
    if (below !== undefined) assert.ok(below.startsWith(`${path}/`) && kinds.has(below), below);
  }
}

describe('makeSourceDelta over random histories', () => {
  it('gives with its keyframe the file system of the commit’s own source layer, and a sound repository', async () => {
    await using stack = new AsyncDisposableStack();
    const library = await makeLibrary(stack);
    const depth = fc.constantFrom(1, 2, 10);
    await fc.assert(
      fc.asyncProperty(history, depth, pushed, async (written, historyDepth, names) => {
        await using source = await createRepository();
        const [first = '', ...later] = writeHistory(source.path, written, [library]);
        await using scene = await openDeltaScene();
        const requestOf = (commit: string) => ({ checkout: { commit, historyDepth } });
        const { keyframe, layer, carried } = await scene.keyframe(source.path, requestOf(first));
        for (const commit of later.slice(-2)) {
          const request = { checkout: { ...requestOf(commit).checkout, ...names } };
          const own = await scene.own(source.path, request);
          const delta = await scene.delta(source.path, keyframe, request);
          const layers = delta.layer === undefined ? [layer] : [layer, delta.layer];
          const stacked = await stackStaged(layers, scene.staging);
          const expected = await stackStaged([own.layer], scene.staging);
          assert.deepEqual(apartFromPacks(stacked), apartFromPacks(expected));
          const kinds = new Map(
            [...stacked].map(([path, { type }]) => [path, type === 'd' ? 'directory' : 'leaf']),
          );
          kinds.delete('');
          assertCarries(delta.carried, kinds, carried.keys());
          await using whole = await unpackLayers([own.layer], scene);
          await using made = await unpackLayers(layers, scene);
          const questions = [
            ['status', '--porcelain', '--ignored'],
            ['log', '--all', '--format=%H %P %D'],
            ['rev-list', '--all', '--objects'],
            ['diff', 'HEAD'],
            [
              'submodule',
              'foreach',
              '--recursive',
              'git status --porcelain; git fsck --no-dangling; git log --format=%H',
            ],
          ];
          for (const question of questions)
            assert.equal(answerOf(made, question), answerOf(whole, question), question.join(' '));
          assert.equal(made.git('fsck', '--full', '--no-dangling'), '');
          assert.equal(made.git('status', '--porcelain'), '');
        }
      }),
      { numRuns: runs(20), includeErrorInReport: true },
    );
  }).timeout(1_200_000);
});
