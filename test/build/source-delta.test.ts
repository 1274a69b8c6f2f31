import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openDeltaTree } from '../../src/adapters/git/delta-tree.ts';
import { openTemporaryFolder } from '../../src/adapters/git/temporary-folder.ts';
import {
  createRepository,
  ODD_FILES,
  run,
  untilLong,
  type TestRepository,
} from '../adapters/git/git-fixture.ts';
import { at, compare, GIT_ALONE, leavesOf } from './compared-delta.ts';
import { openDeltaScene, type DeltaScene } from './delta-scene.ts';
import { apartFromPacks, stackStaged } from './stacked-layers.ts';
import { unpackLayers } from './unpacked-layers.ts';

describe('makeSourceDelta', () => {
  it('gives, upon its keyframe, what the source layer of the commit would give', async () => {
    await using source = await createRepository();
    const first = await source.commit(ODD_FILES);
    source.git('rm', '-r', '--quiet', 'dir with space', 'empty', 'a', 'bin');
    source.git('mv', 'deep', 'deeper');
    const second = await source.commit({
      'README.md': '# Changed\n',
      'mixed.txt': 'now\r\nother\n',
      'a/b': 'a folder now\n',
      bin: { link: 'deeper' },
    });
    await using scene = await openDeltaScene();
    const delta = await compare(scene, source.path, at(first), at(second));
    assert.deepEqual(await leavesOf(delta, scene), [
      '.wh.deep',
      '.wh.dir with space',
      '.wh.empty',
      ...GIT_ALONE,
      'README.md',
      'a/b',
      'bin',
      'deeper/er/and/deeper/file.txt',
      'mixed.txt',
    ]);
  });

  it('has for another commit with an equal tree what `.git` has of it, and for the same commit nothing', async () => {
    await using source = await createRepository();
    const first = await source.commit(ODD_FILES);
    const second = await source.commit();
    await using scene = await openDeltaScene();
    const delta = await compare(scene, source.path, at(first), at(second));
    assert.deepEqual(
      await leavesOf(delta, scene),
      GIT_ALONE.filter((path) => path !== '.git/index'),
    );
    assert.equal((await compare(scene, source.path, at(second), at(second))).layer, undefined);
  });

  it('lays, of a change of .gitattributes alone, what it makes look otherwise', async () => {
    await using source = await createRepository();
    const first = await source.commit({
      '.gitattributes': '',
      'a.txt': 'one\n',
      'b.md': 'two\n',
      'sub/c.txt': '3\n',
    });
    const second = await source.commit({ '.gitattributes': '*.txt text eol=crlf\n' });
    const third = await source.commit({ 'sub/.gitattributes': '*.txt -text\n' });
    await using scene = await openDeltaScene();
    const files = async (earlier: string, later: string) =>
      (await leavesOf(await compare(scene, source.path, at(earlier), at(later)), scene)).filter(
        (path) => !path.startsWith('.git/'),
      );
    assert.deepEqual(await files(first, second), ['.gitattributes', 'a.txt', 'sub/c.txt']);
    // What looks otherwise than its blob has its size in the index without being laid again.
    assert.deepEqual(await files(second, third), ['sub/.gitattributes', 'sub/c.txt']);
    assert.deepEqual(await files(first, third), [
      '.gitattributes',
      'a.txt',
      'sub/.gitattributes',
      'sub/c.txt',
    ]);
  });

  it('follows branch, remote and start files without touching a tracked file', async () => {
    await using source = await createRepository();
    const commit = await source.commit(ODD_FILES);
    const file = (name: string, text: string, mode = 0o644) => ({
      path: `/.preheat/${name}`,
      mode,
      content: Buffer.from(text),
    });
    const earlier = {
      ...at(commit),
      files: [file('tasks/0.sh', 'a'), file('bashrc', 'b'), file('env', 'c')],
    };
    const ref = { kind: 'branch', name: 'feature/x' } as const;
    const later = {
      ...at(commit, { ref, remoteUrl: 'https://example.org/app' }),
      files: [file('bashrc', 'b', 0o755), file('env', 'c'), file('more/1', 'd')],
    };
    await using scene = await openDeltaScene();
    const delta = await compare(scene, source.path, earlier, later);
    assert.deepEqual(await leavesOf(delta, scene), [
      '.preheat/.wh.tasks',
      '.preheat/bashrc',
      '.preheat/more/1',
      '.git/HEAD',
      '.git/config',
      '.git/packed-refs',
    ]);
    // Without any, the folder itself stays root's: the runtime layer has files in it.
    const { keyframe, layer } = await scene.keyframe(source.path, earlier);
    const none = await scene.delta(source.path, keyframe, at(commit));
    assert.deepEqual(await leavesOf(none, scene), [
      '.preheat/.wh.bashrc',
      '.preheat/.wh.env',
      '.preheat/.wh.tasks',
    ]);
    assert.ok(none.layer);
    const { mode, owner } = (await stackStaged([layer, none.layer], scene.staging)).get('.preheat') ?? {};
    assert.deepEqual([mode, owner], ['755', '0:0']);
  });

  it('follows settings of git, by which nothing that lays it down is led', async () => {
    await using source = await createRepository();
    const commit = await source.commit({
      ...ODD_FILES,
      '.gitattributes': 'a.f filter=f\n',
      'a.f': 'as it is\n',
    });
    const later = await source.commit({ 'b.f': 'too\n', '.gitattributes': '*.f filter=f\n' });
    await using scene = await openDeltaScene();
    const mild = await compare(
      scene,
      source.path,
      at(commit),
      at(commit, { gitConfig: { 'alias.st': 'status' } }),
    );
    assert.deepEqual(await leavesOf(mild, scene), ['.git/config']);
    const trap = `touch ${scene.folder}/sprung; cat`;
    await writeFile(`${scene.folder}/more`, `[core]\n\tfsmonitor = ${trap}\n`);
    const gitConfig = {
      'core.fsmonitor': trap,
      'core.sshCommand': trap,
      'core.hooksPath': scene.folder,
      'core.worktree': scene.folder,
      'filter.f.smudge': trap,
      'filter.f.required': 'true',
      'include.path': `${scene.folder}/more`,
    };
    const { keyframe, layer } = await scene.keyframe(source.path, at(commit, { gitConfig }));
    const own = await scene.own(source.path, at(later, { gitConfig }));
    const delta = await scene.delta(source.path, keyframe, at(later, { gitConfig }));
    assert.ok(delta.layer);
    assert.ok(!(await leavesOf(delta, scene)).includes('.git/config'));
    const stacked = await stackStaged([layer, delta.layer], scene.staging);
    assert.deepEqual(apartFromPacks(stacked), apartFromPacks(await stackStaged([own.layer], scene.staging)));
    assert.ok(!existsSync(`${scene.folder}/sprung`));
  });

  it('stands upon a keyframe that history has given up', async () => {
    await using source = await createRepository();
    const root = await source.commit(ODD_FILES);
    await source.commit({ only: 'here\n', 'README.md': 'old\n' });
    const abandoned = await source.commit({ secret: 'taken back\n' });
    source.git('reset', '--quiet', '--hard', root);
    const later = await source.commit({ 'README.md': 'new\n' });
    await using scene = await openDeltaScene();
    const delta = await compare(scene, source.path, at(abandoned), at(later));
    const leaves = await leavesOf(delta, scene);
    assert.deepEqual(
      leaves.filter((path) => !path.startsWith('.git/')),
      ['.wh.only', '.wh.secret', 'README.md'],
    );
  });

  for (const historyDepth of [1, 3]) {
    it(`keeps the history as deep as it was asked for (${historyDepth})`, async () => {
      await using source = await createRepository('--object-format=sha256');
      await source.commit(ODD_FILES);
      const commits: string[] = [];
      for (let count = 0; count < 6; count++) commits.push(await source.commit({ 'a.txt': `${count}\n` }));
      const [earlier = '', later = ''] = [commits[1], commits[5]];
      await using scene = await openDeltaScene();
      const { keyframe, layer } = await scene.keyframe(source.path, at(earlier, { historyDepth }));
      const delta = await scene.delta(source.path, keyframe, at(later, { historyDepth }));
      assert.ok(delta.layer);
      await using made = await unpackLayers([layer, delta.layer], scene);
      assert.equal(made.git('log', '--format=%H'), source.git('log', '--format=%H', `-${historyDepth}`));
      assert.equal(made.git('diff', 'HEAD'), '');
      assert.equal(made.git('fsck', '--full', '--no-dangling', '--strict'), '');
    });
  }

  it('leaves a repository that can be deepened, made whole, and can fetch what it has half of', async () => {
    await using source = await createRepository();
    await source.commit(ODD_FILES);
    for (let count = 0; count < 9; count++) await source.commit({ 'a.txt': `${count}\n` });
    const [first, second] = ['HEAD~4', 'HEAD'].map((name) => source.git('rev-parse', name));
    assert.ok(first !== undefined && second !== undefined);
    // The keyframe's pack ends before this one's parents.
    source.git('branch', 'old', 'HEAD~6');
    const more = { historyDepth: 3, remoteUrl: `file://${source.path}` };
    await using scene = await openDeltaScene();
    const { keyframe, layer } = await scene.keyframe(source.path, at(first, more));
    const { layer: delta } = await scene.delta(source.path, keyframe, at(second, more));
    assert.ok(delta);
    await using made = await unpackLayers([layer, delta], scene);
    const log = (...args: readonly string[]) => made.git('log', '--format=%H', ...args);
    made.git('fetch', '--quiet', '--depth=2', 'origin', 'old');
    assert.equal(log('FETCH_HEAD'), source.git('log', '--format=%H', '-2', 'old'));
    made.git('fetch', '--quiet', '--deepen=1', 'origin', 'main');
    made.git('fsck', '--full');
    made.git('fetch', '--quiet', '--unshallow', 'origin', 'main');
    assert.equal(log('HEAD'), source.git('log', '--format=%H'));
    assert.equal(made.git('fsck', '--full', '--no-dangling'), '');
    assert.equal(made.git('status', '--porcelain'), '');
  });

  it('costs what the diff costs, and lays nothing else', async () => {
    await using source = await createRepository();
    const noise = (seed: number) => createHash('sha512').update(String(seed)).digest('base64').repeat(20);
    const files = Object.fromEntries(
      Array.from({ length: 600 }, (_, number) => [`d${number % 40}/f${number}.txt`, noise(number)]),
    );
    const first = await source.commit(files);
    const second = await source.commit({ 'd7/f7.txt': `${noise(7)}one line\n`, 'd8/new.txt': noise(-1) });
    await using scene = await openDeltaScene();
    const { keyframe } = await scene.keyframe(source.path, at(first));
    const { layer } = await scene.delta(source.path, keyframe, at(second));
    assert.ok(layer);
    const tar = gunzipSync(Buffer.concat(await Array.fromAsync(scene.staging.readLayer(layer))));
    const index = tar.indexOf('DIRC');
    const rest = Buffer.concat([
      tar.subarray(0, index),
      tar.subarray(tar.indexOf('workspace/app/.git/objects/')),
    ]);
    const diff = gzipSync(source.git('diff', '--binary', first, second)).length;
    assert.ok(gzipSync(rest).length <= diff + 64 * 1024);
    assert.deepEqual(await laidFiles(source, keyframe, second), ['d7/f7.txt', 'd8/new.txt']);
  });

  it('refuses a name that an image would read as a deletion', async () => {
    await using source = await createRepository();
    const first = await source.commit({ a: 'a\n' });
    const second = await source.commit({ 'sub/.wh.a': 'a\n' });
    await using scene = await openDeltaScene();
    const { keyframe } = await scene.keyframe(source.path, at(first));
    await assert.rejects(scene.delta(source.path, keyframe, at(second)), /cannot lay down .*sub\/\.wh\.a: /);
  });

  it('says why there is none: another mode, a commit or history that the clone lacks', async () => {
    await using source = await createRepository();
    for (const text of ['1', '2', '3', '4']) await source.commit({ a: text });
    const [first, second, later] = ['HEAD~3', 'HEAD~1', 'HEAD'].map((name) => source.git('rev-parse', name));
    assert.ok(first !== undefined && second !== undefined && later !== undefined);
    await using scene = await openDeltaScene();
    const shallow = join(scene.folder, 'shallow');
    run(['git', 'clone', '--quiet', '--depth=2', `file://${source.path}`, shallow]);
    const old = await scene.keyframe(source.path, at(first));
    await assert.rejects(scene.delta(shallow, old.keyframe, at(later)), /^Error: cannot list /);
    const deep = await scene.keyframe(source.path, at(second, { historyDepth: 3 }));
    await assert.rejects(scene.delta(shallow, deep.keyframe, at(later)), /^Error: cannot list /);
    // What the clone has is enough where the keyframe had no more.
    const flat = await scene.keyframe(source.path, at(second, { historyDepth: 1 }));
    assert.ok((await scene.delta(shallow, flat.keyframe, at(later, { historyDepth: 1 }))).layer);
    const options = { submodules: 'none' } as const;
    const tree = openDeltaTree(source.path, source.path, options);
    const checkout = {
      commit: later,
      ref: { kind: 'detached' },
      remoteUrl: undefined,
      historyDepth: 3,
    } as const;
    const answer = await tree.layDelta(checkout, deep.keyframe.checkout, untilLong());
    assert.ok('unusable' in answer && answer.unusable.includes('--submodules'));
  });
});

/** The files that are laid down for a delta, while it is made. */
async function laidFiles(
  source: TestRepository,
  { checkout: record }: Parameters<DeltaScene['delta']>[1],
  commit: string,
): Promise<readonly string[]> {
  let folder = '';
  const openFolder: typeof openTemporaryFolder = async (name) => {
    const opened = await openTemporaryFolder(name);
    if (name === 'source') folder = opened.path;
    return opened;
  };
  const checkout = { commit, ref: { kind: 'detached' }, remoteUrl: undefined, historyDepth: 10 } as const;
  const answer = await openDeltaTree(source.path, source.path, { openFolder }).layDelta(
    checkout,
    record,
    untilLong(),
  );
  assert.ok(!('unusable' in answer));
  await using _ = answer;
  const found = await readdir(join(folder, 'tree'), { recursive: true, withFileTypes: true });
  return found
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(`${folder}/tree/`.length))
    .toSorted();
}
