import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { SMALL_IMAGE, uniqueName } from '../support/engine.ts';
import { startAuthorizationProxy } from '../support/pipelines/authorization-proxy.ts';
import type { Runtime } from '../support/pipelines/authorization.ts';

/** The Docker service of a step, with docker's own client in front of it. */
async function startService(runtime: Runtime) {
  const stack = new AsyncDisposableStack();
  const { path: cloneFolder } = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-step-')));
  const proxy = stack.use(await startAuthorizationProxy({ runtime, cloneFolder }));
  const docker = (...words: readonly string[]) =>
    execa('docker', ['--host', proxy.host, ...words], { reject: false, input: '' });
  const run = (...options: readonly string[]) =>
    docker('run', '--rm', '--network', 'none', ...options, SMALL_IMAGE, 'echo', 'it runs');
  return { cloneFolder, proxy, docker, run, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('the Docker service of the harness, by the rules of runtime v2', () => {
  it('refuses what Pipelines refuses, in its words', async () => {
    await using service = await startService('v2');
    for (const [options, words] of [
      [['--privileged'], '--privileged=true is not allowed'],
      [['--mount', 'type=bind,source=/etc,target=/mnt'], '--mounts is not allowed'],
      [['--mount', `type=bind,source=${service.cloneFolder},target=/mnt`], '--mounts is not allowed'],
      [['-v', '/etc:/mnt'], '-v only supports $BITBUCKET_CLONE_DIR and its subdirectories'],
      [['-v', 'named:/mnt'], '-v only supports $BITBUCKET_CLONE_DIR and its subdirectories'],
      [['-v', `${service.cloneFolder}-beside:/mnt`], '-v only supports $BITBUCKET_CLONE_DIR'],
      [['--security-opt', 'no-new-privileges'], '--security-opt is not allowed'],
      [['--cap-add', 'SYS_PTRACE'], '--cap-add is not allowed'],
      [['--pid', 'host'], '--pid=host is not allowed'],
    ] as const) {
      const { exitCode, stderr } = await service.run(...options);
      assert.equal(exitCode, 125, stderr);
      assert.ok(stderr.includes(`authorization denied by plugin pipelines: ${words}`), stderr);
    }
    const { stderr } = await service.docker('plugin', 'ls');
    assert.match(stderr, /authorization denied by plugin pipelines/);
    assert.equal(service.proxy.refusals.length, 10);
  });

  it('takes everything else: run, the clone as a volume, tmpfs, copy, exec, and a build by BuildKit', async () => {
    await using service = await startService('v2');
    const ran = await service.run('-v', `${service.cloneFolder}:/mnt`, '--tmpfs', '/scratch');
    assert.equal(ran.stdout, 'it runs', ran.stderr);
    const name = uniqueName('preheat-step');
    const { stdout: id } = await service.docker('create', '--name', name, SMALL_IMAGE, 'sleep', '60');
    assert.equal((await service.docker('start', name)).exitCode, 0);
    const asked = await service.docker('exec', name, 'echo', 'inside');
    assert.equal(asked.stdout, 'inside', asked.stderr);
    const refused = await service.docker('exec', '--privileged', name, 'true');
    assert.match(refused.stderr, /--privileged=true is not allowed/);
    assert.equal((await service.docker('rm', '--force', id)).exitCode, 0);
    await execa('sh', ['-c', `printf 'FROM ${SMALL_IMAGE}\\nRUN true\\n' > Dockerfile`], {
      cwd: service.cloneFolder,
    });
    const built = await service.docker('build', '--quiet', service.cloneFolder);
    assert.equal(built.exitCode, 0, built.stderr);
    await service.docker('rmi', built.stdout.trim());
    assert.deepEqual(service.proxy.refusals, ['--privileged=true is not allowed']);
  });
});

describe('the Docker service of the harness, by the rules of runtime v3', () => {
  it('refuses no container', async () => {
    await using service = await startService('v3');
    for (const options of [['--privileged'], ['--cap-add', 'SYS_PTRACE'], ['-v', '/etc:/mnt']]) {
      const { stdout, stderr } = await service.run(...options);
      assert.equal(stdout, 'it runs', stderr);
    }
    assert.deepEqual(service.proxy.refusals, []);
  });
});
