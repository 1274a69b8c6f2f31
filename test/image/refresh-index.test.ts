import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, link, lstat, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, hostWorkspace, type HostWorkspace } from './host-workspace.ts';

const run = promisify(execFile);
const FILES = 40;
const CONSTANT = new Date('1980-01-02T00:00:00Z');

describe('image/start and the git index', () => {
  it('records the full stat data and ends core.checkStat=minimal', async () => {
    await using workspace = await warmCheckout();
    const { checkout } = workspace;
    const needed = await contentsReadByStatus(checkout, '-c', 'core.checkStat=default');
    assert.equal(needed.length, FILES, 'without the setting, status reads all contents');
    assert.deepEqual(await contentsReadByStatus(checkout), [], 'as delivered, status must read no contents');
    await startAndAwaitRefresh(workspace);
    assert.deepEqual(
      await contentsReadByStatus(checkout),
      [],
      'after the refresh, status must read no contents',
    );
    assert.equal(await status(checkout), '');
    await assertNothingLeft(checkout);
  });

  it('shows a change that keeps size and time, made before the refresh or after it', async () => {
    await using workspace = await warmCheckout();
    const { checkout } = workspace;
    await changeSilently(checkout, 'src/3.txt');
    assert.equal(await status(checkout), '', 'with core.checkStat=minimal git cannot see this change');
    await startAndAwaitRefresh(workspace);
    assert.equal(await status(checkout), ' M src/3.txt\n');
    await changeSilently(checkout, 'src/5.txt');
    assert.equal(await status(checkout), ' M src/3.txt\n M src/5.txt\n');
  });

  it('loses nothing that git writes meanwhile', async () => {
    await using workspace = await warmCheckout();
    const { checkout } = workspace;
    await using shim = workspace.start('sh');
    for (let n = 0; n < 10; n++) {
      await writeFile(join(checkout, `added-${n}`), `${n}\n`);
      await eventually(async () => addTo(checkout, `added-${n}`), 'git add');
    }
    await eventually(async () => (await checkStat(checkout)) === '', 'the end of core.checkStat');
    const { stdout } = await git(checkout, 'diff', '--cached', '--name-only');
    assert.equal(stdout.trimEnd().split('\n').length, 10);
    shim.child.kill('SIGTERM');
    await shim.ended;
    await assertNothingLeft(checkout);
  });

  it('removes the lock that a killed container of its own left', async () => {
    await using workspace = await warmCheckout();
    const index = join(workspace.checkout, '.git/index');
    await cp(index, join(workspace.checkout, '.git/preheat-index'));
    await link(join(workspace.checkout, '.git/preheat-index'), `${index}.lock`);
    await writeFile(join(workspace.checkout, '.git/preheat-index.lock'), '');
    await startAndAwaitRefresh(workspace);
    await assertNothingLeft(workspace.checkout);
  });

  it('leaves a lock of git alone', async () => {
    await using workspace = await warmCheckout();
    const index = join(workspace.checkout, '.git/index');
    const before = await readFile(index);
    await writeFile(`${index}.lock`, '');
    await using shim = workspace.start('sh');
    await eventually(
      async () => exists(join(workspace.checkout, '.git/preheat-index')),
      'the copy of the index',
    );
    shim.child.kill('SIGTERM');
    await shim.ended;
    assert.ok(await exists(`${index}.lock`));
    assert.deepEqual(await readFile(index), before);
    assert.equal(await checkStat(workspace.checkout), 'minimal');
  });

  it('touches no index that was not made for an image', async () => {
    await using workspace = await warmCheckout();
    const { checkout } = workspace;
    await git(checkout, 'config', '--unset', 'core.checkStat');
    const before = await readFile(join(checkout, '.git/index'));
    const { exitCode } = await workspace.start('sh', 'sleep', '0.5').ended;
    assert.equal(exitCode, 0);
    assert.deepEqual(await readFile(join(checkout, '.git/index')), before);
  });
});

/** A checkout as an image delivers it: an index valid by size and time only, all inodes new. */
async function warmCheckout(): Promise<HostWorkspace> {
  const workspace = await hostWorkspace([]);
  const { checkout } = workspace;
  await mkdir(join(checkout, 'src'));
  await git(checkout, 'init', '-q', '-b', 'main');
  for (let n = 0; n < FILES; n++) await writeFile(join(checkout, `src/${n}.txt`), `content ${n % 10}\n`);
  await eachFile(checkout, async (file) => utimes(file, CONSTANT, CONSTANT));
  await git(checkout, 'add', '.');
  await git(checkout, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'first');
  await git(checkout, 'config', 'core.checkStat', 'minimal');
  await rename(checkout, `${checkout}.old`);
  await cp(`${checkout}.old`, checkout, { recursive: true, preserveTimestamps: true });
  await rm(`${checkout}.old`, { recursive: true });
  return workspace;
}

/** The lock is git's own, so that an add can meet it for the moment of a rename. */
async function addTo(checkout: string, path: string): Promise<boolean> {
  return git(checkout, 'add', path).then(
    () => true,
    (thrown: unknown) => {
      assert.match(String(thrown), /index\.lock/);
      return false;
    },
  );
}

async function startAndAwaitRefresh(workspace: HostWorkspace): Promise<void> {
  await using shim = workspace.start('sh');
  await eventually(async () => (await checkStat(workspace.checkout)) === '', 'the end of core.checkStat');
  await eventually(
    async () => !(await exists(join(workspace.checkout, '.git/preheat-index'))),
    'cleaning up',
  );
  assert.equal(shim.printed(), 'preheat: ready\n');
}

/** What `cp -p` of a file of equal size does. */
async function changeSilently(checkout: string, path: string): Promise<void> {
  const file = join(checkout, path);
  const text = await readFile(file, 'utf8');
  // Git compares ctimes by whole seconds; in an image they are those of its unpacking.
  const { ctimeMs } = await stat(file);
  await eventually(() => Math.floor(Date.now() / 1000) > Math.floor(ctimeMs / 1000), 'the next second');
  await writeFile(file, text.replace('content', 'CONTENT'));
  await utimes(file, CONSTANT, CONSTANT);
  assert.equal((await stat(file)).mtimeMs, CONSTANT.getTime());
}

async function contentsReadByStatus(
  checkout: string,
  ...config: readonly string[]
): Promise<readonly string[]> {
  const trace = `${checkout}.trace`;
  const options = ['-f', '-e', 'trace=open,openat', '-o', trace];
  // Optional locks would let status mend the index by itself.
  await run('strace', [...options, 'git', ...config, '--no-optional-locks', 'status'], { cwd: checkout });
  const opened = (await readFile(trace, 'utf8')).matchAll(/"((?:\.\/|\/)?\S*\.txt)"/g);
  return [...opened].map(([, path = '']) => path);
}

async function status(checkout: string): Promise<string> {
  return (await git(checkout, '--no-optional-locks', 'status', '--porcelain')).stdout;
}

async function checkStat(checkout: string): Promise<string> {
  const { stdout } = await git(checkout, 'config', '--local', '--default', '', 'core.checkStat');
  return stdout.trim();
}

async function assertNothingLeft(checkout: string): Promise<void> {
  for (const name of [
    'index.lock',
    'preheat-index',
    'preheat-index-seen',
    'preheat-index.lock',
    'config.lock',
  ]) {
    assert.equal(await exists(join(checkout, '.git', name)), false, name);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function eachFile(checkout: string, visit: (file: string) => Promise<void>): Promise<void> {
  for (let n = 0; n < FILES; n++) await visit(join(checkout, `src/${n}.txt`));
}

async function git(cwd: string, ...args: readonly string[]): Promise<{ stdout: string }> {
  return run('git', args, { cwd, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' } });
}
