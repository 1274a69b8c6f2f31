import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createRepository, type TestRepository } from '../adapters/git/git-fixture.ts';
import { startLfsServer } from '../adapters/git/lfs-server.ts';
import { at, compare, GIT_ALONE, leavesOf } from './compared-delta.ts';
import { openDeltaScene } from './delta-scene.ts';

describe('makeSourceDelta with submodules', () => {
  it('neither fetches nor lays one that stays, and lays of one that moves what differs', async () => {
    await using library = await createRepository();
    const old = await library.commit({ 'lib.txt': 'old\n', 'same.txt': 'same\n', 'gone.txt': 'gone\n' });
    library.git('rm', '--quiet', 'gone.txt');
    const moved = await library.commit({ 'lib.txt': 'new\n' });
    await using source = await createRepository();
    const link = async (commit: string, path: string, text: string) => {
      source.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
      source.git('config', '--file', '.gitmodules', 'submodule.lib.path', path);
      source.git('config', '--file', '.gitmodules', 'submodule.lib.url', library.path);
      await source.write({ 'a.txt': text });
      source.git('add', 'a.txt', '.gitmodules');
      source.git('commit', '--quiet', '--message', text);
      return source.git('rev-parse', 'HEAD');
    };
    const first = await link(old, 'libs/a', '1');
    const updated = await link(moved, 'libs/a', '2');
    source.git('rm', '--quiet', '--cached', 'libs/a');
    const renamed = await link(moved, 'libs/b', '3');
    source.git('rm', '--quiet', '--cached', 'libs/b');
    source.git('rm', '--quiet', '--force', '.gitmodules');
    const without = await source.commit({ 'libs/b/own.txt': 'own\n' });
    await using scene = await openDeltaScene();
    const leaves = async (earlier: string, later: string) =>
      (await leavesOf(await compare(scene, source.path, at(earlier), at(later)), scene)).filter((path) =>
        /modules|libs/.test(path),
      );
    const inside = (names: readonly string[]) => names.map((name) => `.git/modules/lib/${name}`);
    const pack = ['objects/pack/pack.idx', 'objects/pack/pack.pack'];
    assert.deepEqual(await leaves(first, updated), [
      'libs/a/.wh.gone.txt',
      ...inside(['HEAD', 'index', ...pack, 'shallow']),
      'libs/a/lib.txt',
    ]);
    // The same commit elsewhere: its objects are there, its files are not.
    assert.deepEqual(await leaves(updated, renamed), [
      'libs/.wh.a',
      ...inside(['config']),
      '.gitmodules',
      'libs/b/.git',
      'libs/b/lib.txt',
      'libs/b/same.txt',
    ]);
    assert.deepEqual(await leaves(renamed, without), [
      '.git/.wh.modules',
      '.wh..gitmodules',
      'libs/b/.wh..git',
      'libs/b/.wh.lib.txt',
      'libs/b/.wh.same.txt',
      'libs/b/own.txt',
    ]);
    const { keyframe } = await scene.keyframe(source.path, at(first));
    source.git('reset', '--quiet', '--hard', first);
    const later = await source.commit({ 'a.txt': 'later' });
    await rm(library.path, { recursive: true });
    const delta = await scene.delta(source.path, keyframe, at(later));
    assert.deepEqual(await leavesOf(delta, scene), [...GIT_ALONE, 'a.txt']);
    assert.equal(delta.carried.get('workspace/app/libs/a/same.txt'), 'leaf');
  });
});

describe('makeSourceDelta with contents of Git LFS', () => {
  it('fetches those that changed, and all that .lfsconfig may concern', async () => {
    const [big, other, third] = ['a big file\n'.repeat(5000), 'another\n', 'a third one, longer\n'];
    await using server = await startLfsServer([big, other, third]);
    await using source = await createRepository();
    const first = await source.commit({
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      '.lfsconfig': `[lfs]\n\turl = ${server.url}\n`,
    });
    const commit = (files: Readonly<Record<string, string>>) => commitRaw(source, files);
    const earlier = await commit({ 'big.bin': pointer(big), 'sub/other.bin': pointer(other) });
    const later = await commit({ 'sub/other.bin': pointer(third) });
    const config = await commit({
      '.lfsconfig': `[lfs]\n\turl = ${server.url}/\n\tfetchexclude = big.bin\n`,
    });
    assert.notEqual(first, earlier);
    await using scene = await openDeltaScene({ lfs: 'contents' });
    const { keyframe } = await scene.keyframe(source.path, at(earlier));
    assert.deepEqual(keyframe.checkout.sizes, [
      ['big.bin', big.length],
      ['sub/other.bin', other.length],
    ]);
    const before = server.fetched.length;
    const delta = await scene.delta(source.path, keyframe, at(later));
    assert.equal(server.fetched.length, before + 1);
    assert.deepEqual(await leavesOf(delta, scene), [...GIT_ALONE, 'sub/other.bin']);
    await compare(scene, source.path, at(earlier), at(later));
    const excluded = await compare(scene, source.path, at(later), at(config));
    assert.ok((await leavesOf(excluded, scene)).includes('big.bin'));
  });
});

function pointer(content: string): string {
  const oid = createHash('sha256').update(content).digest('hex');
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
}

/** Commits files as they are, past the filters of attributes. */
async function commitRaw(source: TestRepository, files: Readonly<Record<string, string>>): Promise<string> {
  await source.write(files);
  for (const path of Object.keys(files)) {
    const id = source.git('hash-object', '-w', '--no-filters', '--', path);
    source.git('update-index', '--add', '--cacheinfo', `100644,${id},${path}`);
  }
  source.git('commit', '--quiet', '--message', 'raw');
  return source.git('rev-parse', 'HEAD');
}
