import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepository } from '../../../src/adapters/git/repository.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';

const shortHistory = () => ({ ...untilLong(), historyDepth: 50 });

describe('openRepository', () => {
  it('resolves commits by id, abbreviation, branch and tag', async () => {
    await using source = await createRepository();
    const first = await source.commit({ a: 'a\n' });
    const second = await source.commit({ a: 'b\n' });
    source.git('branch', 'old', first);
    source.git('tag', '--annotate', '--message', 'tagged', 'v1', first);
    const repository = openRepository(source.path);
    const tree = source.git('rev-parse', `${first}^{tree}`);
    for (const name of [first, first.slice(0, 12), 'old', 'v1', 'main~1']) {
      assert.deepEqual(await repository.resolveCommit(name, shortHistory()), {
        id: first,
        tree,
        cut: [],
      });
    }
    assert.equal((await repository.resolveCommit('HEAD', shortHistory()))?.id, second);
  });

  it('knows no commit behind what is none', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    const blob = source.git('rev-parse', 'HEAD:a');
    const repository = openRepository(source.path);
    for (const name of ['0'.repeat(40), 'deadbeef', 'no-branch', blob, '', '--all', 'a\nb', 'HEAD^{tree}']) {
      assert.equal(await repository.resolveCommit(name, shortHistory()), undefined, name);
    }
  });

  it('lists a folder of a commit, whatever lies in the working tree', async () => {
    await using source = await createRepository();
    const first = await source.commit({ a: 'a\n', 'b/c': 'c\n', 'b/d/e': 'e\n', 'd e': 'd\n' });
    await source.commit({ e: 'e\n', 'b/f': 'f\n' });
    const list = async (folder: string): Promise<readonly string[]> =>
      (await openRepository(source.path).names(first, folder, untilLong())).toSorted();
    assert.deepEqual(await list(''), ['a', 'b', 'd e']);
    assert.deepEqual(await list('b'), ['c', 'd']);
    assert.deepEqual(await list('none'), []);
    assert.deepEqual(await list('a'), []);
  });

  it('finds which of some commits comes nearest before another', async () => {
    await using source = await createRepository('--object-format=sha256');
    const [first, second, third] = [await source.commit(), await source.commit(), await source.commit()];
    source.git('checkout', '--quiet', '-b', 'side', first);
    const side = await source.commit({ side: 'side\n' });
    const repository = openRepository(source.path);
    const nearest = async (commit: string, ...among: readonly string[]) =>
      await repository.nearestAncestor(commit, new Set(among.map((id) => id.slice(0, 40))), untilLong());
    assert.equal(await nearest(third, first, second, side), second.slice(0, 40));
    assert.equal(await nearest(third, third, second), third.slice(0, 40));
    assert.equal(await nearest(side, third, first), first.slice(0, 40));
    assert.equal(await nearest(side, third, '0'.repeat(40)), undefined);
  });

  it('tells which of two commits comes before the other, close by and far away', async () => {
    await using source = await createRepository();
    const chain: string[] = [];
    for (let at = 0; at < 11; at++) chain.push(await source.commit());
    const [first = '', second = '', tip = ''] = [chain[0], chain[1], chain[10]];
    source.git('checkout', '--quiet', '-b', 'side', first);
    const side = await source.commit({ side: 'side\n' });
    const { isAncestor } = openRepository(source.path);
    const comesBefore = async (ancestor: string, descendant: string): Promise<boolean> =>
      await isAncestor(ancestor, descendant, untilLong());
    assert.equal(await comesBefore(first, second), true);
    assert.equal(await comesBefore(first, tip), true);
    assert.equal(await comesBefore(second, first), false);
    assert.equal(await comesBefore(tip, first), false);
    assert.equal(await comesBefore(side, second), false);
    for (const none of ['0'.repeat(40), '', `${first}\n${second}`, `${second}^{tree}`])
      assert.equal(await comesBefore(first, none), false, none);
  });

  it('says where the history of a clone ends, and reads it from below its top and with objects of either format', async () => {
    await using source = await createRepository('--object-format=sha256');
    await source.commit({ 'd/a': 'a\n' });
    const id = await source.commit({ 'd/a': 'b\n' });
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', '--depth=1', `file://${source.path}`, folder.path]);
    const repository = openRepository(join(folder.path, 'd'));
    const tree = source.git('rev-parse', 'HEAD^{tree}');
    assert.deepEqual(await repository.resolveCommit(id.slice(0, 9), shortHistory()), {
      id,
      tree,
      cut: [id],
    });
    assert.equal(await repository.readFile(id, 'd/a', untilLong()), 'b\n');
  });

  it('ends history at the same commit, whether the clone or the wish is short', async () => {
    await using source = await createRepository();
    const commits: string[] = [];
    for (const text of ['a', 'b', 'c', 'd']) commits.push(await source.commit({ a: text }));
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', '--depth=2', `file://${source.path}`, folder.path]);
    const cutAt = async (path: string, historyDepth: number) =>
      (await openRepository(path).resolveCommit('HEAD', { ...untilLong(), historyDepth }))?.cut;
    assert.deepEqual(await cutAt(source.path, 2), [commits[2]]);
    assert.deepEqual(await cutAt(folder.path, 50), [commits[2]]);
    assert.deepEqual(await cutAt(folder.path, 1), [commits[3]]);
    assert.deepEqual(await cutAt(source.path, 50), []);
  });

  it('reads regular files as UTF-8 text and nothing else', async () => {
    await using source = await createRepository();
    const commit = await source.commit({
      '.gitpod.yml': '\u{FEFF}tasks: [] # é\n',
      'dir/with space\n': { script: 'x' },
      '[a]*': 'magic',
      link: { link: '.gitpod.yml' },
      bytes: Buffer.from([0x61, 0xff, 0x62]),
    });
    const repository = openRepository(source.path);
    const read = async (path: string): Promise<string | undefined> =>
      await repository.readFile(commit, path, untilLong());
    assert.equal(await read('.gitpod.yml'), '\u{FEFF}tasks: [] # é\n');
    assert.equal(await read('dir/with space\n'), 'x');
    assert.equal(await read('./dir/../[a]*'), 'magic');
    assert.equal(await read('[a]*'), 'magic');
    assert.equal(await read('bytes'), 'a\u{FFFD}b');
    for (const path of [
      'link',
      'dir',
      'dir/',
      'none',
      'link/x',
      '.gitpod.yml/x',
      ':(glob)*',
      '../x',
      '/etc/passwd',
      '..',
    ]) {
      assert.equal(await read(path), undefined, path);
    }
  });

  it('passes on what git complains, as a failure of reading', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'x'));
    const here = openRepository(join(folder.path, 'x'));
    await assert.rejects(here.resolveCommit('HEAD', shortHistory()), {
      name: 'PreheatError',
      phase: 'observe',
      message: /^cannot read the commit "HEAD": not a git repository/,
    });
    const nowhere = openRepository(join(folder.path, 'nowhere'));
    await assert.rejects(nowhere.resolveCommit('HEAD', shortHistory()), {
      name: 'PreheatError',
      phase: 'observe',
      message: /^cannot read a git repository in .*nowhere: ENOENT/,
    });
    await using source = await createRepository();
    await source.commit();
    const missing = openRepository(source.path, { git: '/no/such/git' });
    await assert.rejects(missing.resolveCommit('HEAD', shortHistory()), {
      phase: 'observe',
      message: 'cannot read the commit "HEAD": there is no program "/no/such/git"',
      hint: 'Install git 2.31 or newer.',
    });
    const repository = openRepository(source.path);
    await assert.rejects(repository.readFile('0'.repeat(40), 'a', untilLong()), {
      phase: 'observe',
      message:
        'cannot read a of commit 000000000000: the clone lacks 0000000000000000000000000000000000000000^{tree}',
    });
  });

  it("reads somebody else's clone, from below its top too", async () => {
    await using source = await createRepository();
    const id = await source.commit({ 'below/a': 'a\n' });
    const url = JSON.stringify(new URL('../../../src/adapters/git/repository.ts', import.meta.url).href);
    const script = `
      import { openRepository } from ${url};
      const signal = AbortSignal.timeout(60000);
      console.log((await openRepository(${JSON.stringify(join(source.path, 'below'))}).resolveCommit('HEAD', { signal, historyDepth: 50 }))?.id);`;
    // With this variable git takes every folder for somebody else's (git's own tests, t0033).
    const env = { PATH: process.env['PATH'], GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    const command = [process.execPath, '--input-type=module', '--eval', script] as const;
    assert.equal(run(command, { env }).trim(), id);
  });

  it('ends with the reason of the signal when that is aborted', async () => {
    await using source = await createRepository();
    await source.commit();
    const reason = new Error('enough');
    const call = openRepository(source.path).resolveCommit('HEAD', {
      signal: AbortSignal.abort(reason),
      historyDepth: 50,
    });
    await assert.rejects(call, reason);
  });

  it('is not led astray by git variables of its own environment', async () => {
    await using source = await createRepository();
    const id = await source.commit({ a: 'a\n' });
    await using other = await createRepository();
    await other.commit({ b: 'b\n' });
    const script = `
      import { openRepository } from ${JSON.stringify(new URL('../../../src/adapters/git/repository.ts', import.meta.url).href)};
      const signal = AbortSignal.timeout(60000);
      console.log((await openRepository(${JSON.stringify(source.path)}).resolveCommit('HEAD', { signal, historyDepth: 50 }))?.id);`;
    const env = {
      PATH: process.env['PATH'],
      GIT_DIR: join(other.path, '.git'),
      GIT_WORK_TREE: other.path,
      GIT_CONFIG_COUNT: '7',
    };
    assert.equal(run([process.execPath, '--input-type=module', '--eval', script], { env }).trim(), id);
  });
});
