import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRepository, gitEnv, run } from '../adapters/git/git-fixture.ts';
import { unpackCheckout } from '../adapters/git/unpacked-checkout.ts';
import { eventually, hostWorkspace, type HostWorkspace } from './host-workspace.ts';

const exec = promisify(execFile);

/** A workspace as an image delivers it, with a submodule whose name has a slash and begins with a dot. */
async function warmFamily(): Promise<HostWorkspace> {
  await using lib = await createRepository();
  const commit = await lib.commit({ 'lib.txt': 'content\n' });
  await using app = await createRepository();
  await app.commit({
    'a.txt': 'content\n',
    '.gitmodules': `[submodule ".vim/lib"]\n\tpath = sub\n\turl = ${lib.path}\n`,
  });
  app.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
  app.git('commit', '--quiet', '--message', 'sub');
  await using laid = await unpackCheckout(app.path);
  const workspace = await hostWorkspace([]);
  await rm(workspace.checkout, { recursive: true });
  await cp(laid.top, workspace.checkout, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
  });
  return workspace;
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  return (await exec('git', args, { cwd, env: gitEnv() })).stdout;
}

async function checkStat(cwd: string): Promise<string> {
  return await git(cwd, 'config', '--local', '--default', '', 'core.checkStat');
}

/** What `cp -p` of another file of equal size does. */
async function changeSilently(file: string): Promise<void> {
  const { mtime, ctimeMs } = await stat(file);
  await eventually(() => Math.floor(Date.now() / 1000) > Math.floor(ctimeMs / 1000), 'the next second');
  await writeFile(`${file}.other`, 'CONTENT\n');
  await utimes(`${file}.other`, mtime, mtime);
  run(['cp', '-p', `${file}.other`, file]);
  await rm(`${file}.other`);
}

describe('image/start and the indexes of submodules', () => {
  it('shows a cp -p of an equal-sized file over a baked one, in submodules too', async () => {
    await using workspace = await warmFamily();
    const { checkout } = workspace;
    const sub = join(checkout, 'sub');
    for (const folder of [checkout, sub]) assert.equal(await git(folder, 'status', '--porcelain'), '');
    await changeSilently(join(checkout, 'a.txt'));
    await changeSilently(join(sub, 'lib.txt'));
    assert.equal(await git(checkout, 'status', '--porcelain'), '');
    await using _shim = workspace.start('sh');
    for (const folder of [checkout, sub])
      await eventually(async () => (await checkStat(folder)) === '\n', 'the end of core.checkStat');
    assert.equal(await git(sub, 'status', '--porcelain'), ' M lib.txt\n');
    assert.equal(await git(checkout, 'status', '--porcelain'), ' M a.txt\n M sub\n');
    assert.equal(run(['find', join(checkout, '.git'), '-name', 'preheat-index*']), '');
    assert.match(await readFile(join(checkout, '.git/modules/.vim/lib/config'), 'utf8'), /worktree = /);
  });

  it('refreshes the indexes of the repositories beside the pushed one, whether all are there or not', async () => {
    await using workspace = await warmFamily();
    const beside = join(workspace.root, 'be side');
    await cp(workspace.checkout, beside, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
    const lines = `PREHEAT_BESIDE='${workspace.root}/gone\n${beside}'\n`;
    await appendFile(join(workspace.root, '.preheat/workspace.env'), lines);
    await rm(join(workspace.checkout, '.git/index'));
    await using _shim = workspace.start('sh');
    for (const folder of [beside, join(beside, 'sub')])
      await eventually(async () => (await checkStat(folder)) === '\n', 'the end of core.checkStat');
    assert.equal(await git(beside, 'status', '--porcelain'), '');
  });

  it('leaves an index alone whose files only git-lfs could compare', async () => {
    await using workspace = await warmFamily();
    const { checkout } = workspace;
    run(['git', 'config', 'filter.lfs.required', 'true'], { cwd: checkout });
    const bin = join(workspace.root, 'bin');
    run([
      'sh',
      '-c',
      'mkdir "$0" && ln -s /usr/bin/* /bin/* "$0" 2>/dev/null; rm -f "$0/git-lfs"; test -e "$0/git"',
      bin,
    ]);
    await using shim = workspace.start(`env PATH=${bin} sh`);
    await eventually(
      async () => (await checkStat(join(checkout, 'sub'))) === '\n',
      'the end of core.checkStat below',
    );
    assert.equal(await checkStat(checkout), 'minimal\n');
    assert.equal(await git(checkout, 'status', '--porcelain'), '');
    shim.child.kill('SIGTERM');
  });
});
