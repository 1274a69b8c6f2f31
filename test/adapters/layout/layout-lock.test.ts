import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, readFile, readdir, readlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockLayout } from '../../../src/adapters/layout/layout-lock.ts';
import { testSignal } from '../../support/staged-image.ts';

const LOCK = '.preheat-lock';
const signal = testSignal();

function openFolder() {
  return mkdtempDisposable(join(tmpdir(), 'preheat-lock-'));
}

/** Takes the lock, adds one to a counter file with a pause between reading and writing, and gives the lock back. */
const INCREMENT = `
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
const { lockLayout } = await import(process.argv[1]);
const folder = process.argv[2];
for (let round = 0; round < 5; round++) {
  await using lock = await lockLayout(folder, AbortSignal.timeout(60000));
  const count = Number(await readFile(folder + '/count', 'utf8'));
  await setTimeout(2);
  await writeFile(folder + '/count', String(count + 1));
}
`;

describe('lockLayout', () => {
  it('lets one holder in at a time, among processes and within one', async () => {
    await using folder = await openFolder();
    await writeFile(join(folder.path, 'count'), '0');
    const module = import.meta.resolve('../../../src/adapters/layout/layout-lock.ts');
    const args = ['--input-type=module', '--eval', INCREMENT, module, folder.path];
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    const own = Array.from({ length: 5 }, async () => {
      await using _lock = await lockLayout(folder.path, signal);
      const count = Number(await readFile(join(folder.path, 'count'), 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 2));
      await writeFile(join(folder.path, 'count'), String(count + 1));
    });
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    await Promise.all(own);
    assert.deepEqual(codes, [0, 0, 0]);
    assert.equal(await readFile(join(folder.path, 'count'), 'utf8'), '20');
    assert.deepEqual(await readdir(folder.path), ['count']);
  });

  it('takes over the lock of a process that has died, and of a machine that went silent', async () => {
    await using folder = await openFolder();
    const path = join(folder.path, LOCK);
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    const here = `${hostname()}/${await readlink('/proc/self/ns/pid')}`;
    await writeFile(path, `${here} ${child.pid} x`);
    await (await lockLayout(folder.path, signal))[Symbol.asyncDispose]();
    await writeFile(path, 'another-machine 1 x');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(path, longAgo, longAgo);
    await (await lockLayout(folder.path, signal))[Symbol.asyncDispose]();
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('waits for a holder that lives, until the signal aborts', async () => {
    await using folder = await openFolder();
    await using _held = await lockLayout(folder.path, signal);
    const controller = new AbortController();
    const waiting = lockLayout(folder.path, controller.signal);
    setTimeout(() => controller.abort(), 100);
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.deepEqual(await readdir(folder.path), [LOCK]);
  });

  it('waits for a holder in another container, whose process id means nothing here', async () => {
    await using folder = await openFolder();
    await writeFile(join(folder.path, LOCK), `${hostname()}/pid:[1] 4194304 x`);
    await assert.rejects(lockLayout(folder.path, AbortSignal.timeout(100)), { name: 'AbortError' });
  });

  it('tells a signal of any reason that has aborted before as an AbortError', async () => {
    await using folder = await openFolder();
    await writeFile(join(folder.path, LOCK), `${hostname()}/pid:[1] 4194304 x`);
    const spent = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    await assert.rejects(lockLayout(folder.path, spent), { name: 'AbortError' });
  });

  it('says so where it cannot write', async () => {
    await assert.rejects(lockLayout('/nonexistent/layout', signal), /cannot lock the layout: .*ENOENT/);
  });
});
