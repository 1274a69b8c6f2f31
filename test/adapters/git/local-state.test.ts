import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLocalState } from '../../../src/adapters/git/local-state.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';

describe('readLocalState', () => {
  it('reads commit, branch, remote, default branch and name of a clone, from below its top too', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ 'd/a': 'a\n' });
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', source.path, folder.path]);
    run(['git', 'switch', '--quiet', '--create', 'feature/one'], { cwd: folder.path });
    const url = 'https://x-token-auth:secret@bitbucket.org/team/app.git';
    run(['git', 'remote', 'set-url', 'origin', url], { cwd: folder.path });
    const expected = {
      commit,
      branch: 'feature/one',
      remoteUrl: 'https://bitbucket.org/team/app.git',
      defaultBranch: 'main',
      name: 'app',
    };
    assert.deepEqual(await readLocalState(folder.path, untilLong()), expected);
    assert.deepEqual(await readLocalState(join(folder.path, 'd'), untilLong()), expected);
  });

  it('takes the folder for the name and a usual branch for the default where there is no remote', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ 'd/a': 'a\n' });
    source.git('branch', '--move', 'master');
    source.git('switch', '--quiet', '--detach');
    const name = basename(source.path);
    const expected = { commit, branch: undefined, remoteUrl: undefined, defaultBranch: 'master', name };
    assert.deepEqual(await readLocalState(join(source.path, 'd'), untilLong()), expected);
  });

  it('falls back on the current branch for the default', async () => {
    await using source = await createRepository();
    await source.commit();
    source.git('branch', '--move', 'trunk');
    const { branch, defaultBranch } = await readLocalState(source.path, untilLong());
    assert.deepEqual([branch, defaultBranch], ['trunk', 'trunk']);
  });

  it('prefers what the remote says to the usual names', async () => {
    await using source = await createRepository();
    await source.commit();
    source.git('branch', 'develop');
    source.git('update-ref', 'refs/remotes/origin/develop', 'HEAD');
    source.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop');
    assert.equal((await readLocalState(source.path, untilLong())).defaultBranch, 'develop');
  });

  it('is not led astray by an origin/HEAD that names no branch, nor by a tag called HEAD', async () => {
    await using source = await createRepository();
    await source.commit();
    source.git('update-ref', 'refs/remotes/origin/HEAD', 'HEAD');
    source.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    source.git('update-ref', 'refs/tags/HEAD', 'HEAD');
    source.git('branch', '--move', 'topic');
    const { branch, defaultBranch } = await readLocalState(source.path, untilLong());
    assert.deepEqual({ branch, defaultBranch }, { branch: 'topic', defaultBranch: 'main' });
  });

  it('takes no branch below a usual name for that, and knows a bare repository', async () => {
    await using source = await createRepository();
    const commit = await source.commit();
    source.git('branch', '--move', 'main/one');
    source.git('update-ref', 'refs/remotes/origin/master/two', 'HEAD');
    const { branch, defaultBranch } = await readLocalState(source.path, untilLong());
    assert.deepEqual({ branch, defaultBranch }, { branch: 'main/one', defaultBranch: 'main/one' });
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', '--bare', source.path, join(folder.path, 'app.git')]);
    run(['git', 'remote', 'remove', 'origin'], { cwd: join(folder.path, 'app.git') });
    assert.deepEqual(await readLocalState(join(folder.path, 'app.git'), untilLong()), {
      commit,
      branch: 'main/one',
      remoteUrl: undefined,
      defaultBranch: 'main/one',
      name: 'app.git',
    });
  });

  it('takes usual names for themselves, wherever they lead and whatever else is called so', async () => {
    await using source = await createRepository();
    await source.commit();
    source.git('branch', '--move', 'topic');
    source.git('update-ref', 'refs/remotes/origin/release/v2', 'HEAD');
    source.git('symbolic-ref', 'refs/remotes/origin/main', 'refs/remotes/origin/release/v2');
    assert.equal((await readLocalState(source.path, untilLong())).defaultBranch, 'main');
    source.git('symbolic-ref', '--delete', 'refs/remotes/origin/main');
    source.git('branch', 'master');
    source.git('update-ref', 'refs/tags/refs/heads/master', 'HEAD');
    source.git('update-ref', 'refs/heads/refs/heads/master', 'HEAD');
    assert.equal((await readLocalState(source.path, untilLong())).defaultBranch, 'master');
  });

  it('refuses a clone whose path has a line end, where git tells paths in lines', async () => {
    await using source = await createRepository();
    await source.commit();
    await using folder = await temporaryFolder();
    const moved = join(folder.path, 'new\nline');
    run(['git', 'clone', '--quiet', source.path, moved]);
    run(['git', 'worktree', 'add', '--quiet', '--detach', join(folder.path, 'beside')], { cwd: moved });
    await assert.rejects(readLocalState(join(folder.path, 'beside'), untilLong()), {
      phase: 'event',
      message: /: its path has a line end$/,
      hint: 'Clone it into a folder with another name.',
    });
    assert.equal((await readLocalState(moved, untilLong())).branch, 'main');
  });

  it('says what to do where there is no clone, or no commit', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'x'));
    await assert.rejects(readLocalState(join(folder.path, 'x'), untilLong()), {
      name: 'PreheatError',
      phase: 'event',
      message: /^cannot read a git repository in .*: not a git repository/,
      hint: 'Run preheat inside a clone of the repository.',
    });
    await using source = await createRepository();
    await assert.rejects(readLocalState(source.path, untilLong()), {
      phase: 'event',
      message: /has no commit yet$/,
      hint: 'Commit something first.',
    });
  });
});
