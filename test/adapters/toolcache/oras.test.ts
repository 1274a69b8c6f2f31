import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  isRecentEnough,
  parseOrasVersion,
  releasePlatform,
} from '../../../src/adapters/toolcache/oras-release.ts';
import { provideOras } from '../../../src/adapters/toolcache/oras.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';

const run = promisify(execFile);
const signal = AbortSignal.timeout(100_000);
const VERSION = '9.8.7';

/** A server of releases on a loopback port, and a folder to keep them in. */
async function openMirror(
  options: { readonly statuses?: readonly number[]; readonly checksum?: string } = {},
) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-mirror-')));
  await writeFile(join(folder.path, 'oras'), '#!/bin/sh\necho "Version:    9.8.7"\n');
  await chmod(join(folder.path, 'oras'), 0o755);
  await run('tar', ['czf', 'release.tar.gz', 'oras'], { cwd: folder.path });
  const archive = await readFile(join(folder.path, 'release.tar.gz'));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const status = options.statuses?.[asked.length - 1] ?? 200;
    response.writeHead(status).end(status === 200 ? archive : 'no');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  stack.defer(() => server.closeAllConnections());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const checksum = options.checksum ?? createHash('sha256').update(archive).digest('hex');
  const name = releasePlatform(platform(), arch());
  const release = {
    version: VERSION,
    url: `http://127.0.0.1:${address.port}`,
    checksums: { [name]: checksum },
  };
  const cacheDir = join(folder.path, 'cache');
  const owned = stack.move();
  return {
    asked,
    cacheDir,
    release,
    path: `/v${VERSION}/oras_${VERSION}_${name}.tar.gz`,
    provide: () => provideOras({ cacheDir, signal, release, program: 'preheat-absent-oras' }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe('provideOras', () => {
  before(() => {
    Reflect.set(globalThis, 'TEST_DOWNLOAD_TOOL_RETRY_MIN_SECONDS', 0);
    Reflect.set(globalThis, 'TEST_DOWNLOAD_TOOL_RETRY_MAX_SECONDS', 0);
  });
  after(() => {
    Reflect.deleteProperty(globalThis, 'TEST_DOWNLOAD_TOOL_RETRY_MIN_SECONDS');
    Reflect.deleteProperty(globalThis, 'TEST_DOWNLOAD_TOOL_RETRY_MAX_SECONDS');
  });

  it('takes the oras on the PATH', async () => {
    await using mirror = await openMirror();
    assert.equal(await provideOras({ cacheDir: mirror.cacheDir, signal, release: mirror.release }), 'oras');
    assert.deepEqual(mirror.asked, []);
  });

  it('downloads where there is none or one that is too old, once, and keeps it', async () => {
    await using mirror = await openMirror();
    const first = await mirror.provide();
    assert.ok(first.startsWith(mirror.cacheDir));
    assert.match((await run(first, ['version'])).stdout, /9\.8\.7/);
    assert.equal(await mirror.provide(), first);
    const old = join(mirror.cacheDir, 'old-oras');
    await writeFile(old, '#!/bin/sh\necho "Version:    1.1.9"\n');
    await chmod(old, 0o755);
    const { cacheDir, release } = mirror;
    assert.equal(await provideOras({ cacheDir, signal, release, program: old }), first);
    assert.deepEqual(mirror.asked, [mirror.path]);
  });

  it('tries again after a server error', async () => {
    await using mirror = await openMirror({ statuses: [503, 200] });
    await mirror.provide();
    assert.equal(mirror.asked.length, 2);
  });

  it('refuses a download with another checksum, and keeps nothing of it', async () => {
    await using mirror = await openMirror({ checksum: '0'.repeat(64) });
    await assert.rejects(mirror.provide(), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /^cannot get oras: http.* has sha256 [0-9a-f]{64}, not 0{64}$/);
      assert.match(thrown.hint ?? '', /^Install oras 1\.2\.0 or later/);
      return thrown.code === 'corrupt';
    });
    await assert.rejects(readdir(join(mirror.cacheDir, 'oras')), { code: 'ENOENT' });
  });

  it('tells what it could not get', async () => {
    await using mirror = await openMirror({ statuses: [404] });
    await assert.rejects(mirror.provide(), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /^cannot get oras: http:.*tar\.gz: .*404/);
      return thrown.code === 'unreachable';
    });
    const { cacheDir } = mirror;
    const release = { ...mirror.release, checksums: {} };
    const none = provideOras({ cacheDir, signal, release, program: 'preheat-absent-oras' });
    await assert.rejects(none, /there is no checked download for/);
  });

  it('stops when the signal aborts', async () => {
    await using mirror = await openMirror();
    const options = { cacheDir: mirror.cacheDir, release: mirror.release, program: 'preheat-absent-oras' };
    await assert.rejects(provideOras({ ...options, signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.deepEqual(mirror.asked, []);
  });

  it('leaves environment and standard output as they were, and prints nothing', async () => {
    await using mirror = await openMirror();
    const module = import.meta.resolve('../../../src/adapters/toolcache/oras.ts');
    const script = `
      const { provideOras } = await import(${JSON.stringify(module)});
      await provideOras({ ...${JSON.stringify({ cacheDir: mirror.cacheDir, release: mirror.release })}, program: 'preheat-absent-oras', signal: AbortSignal.timeout(60000) });
      console.log(process.env.RUNNER_TEMP, process.env.RUNNER_TOOL_CACHE);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    assert.equal(stdout, 'undefined undefined\n');
  });
});

describe('oras releases', () => {
  it('are read from what oras prints', () => {
    assert.equal(parseOrasVersion('Version:    1.2.0\nGo version: go1.24.4\n'), '1.2.0');
    assert.equal(parseOrasVersion('Version:        1.3.0-beta.2\n'), '1.3.0');
    assert.equal(parseOrasVersion('Version:        v1.3.3+Homebrew\n'), '1.3.3');
    assert.equal(parseOrasVersion('oras: not a version'), undefined);
  });

  it('are compared by number', () => {
    for (const version of ['1.2.0', '1.2.1', '1.10.0', '2.0.0']) assert.equal(isRecentEnough(version), true);
    for (const version of ['1.1.9', '0.16.0']) assert.equal(isRecentEnough(version), false);
  });

  it('are named in the words of Go', () => {
    assert.equal(releasePlatform('linux', 'x64'), 'linux_amd64');
    assert.equal(releasePlatform('darwin', 'arm64'), 'darwin_arm64');
  });
});
