import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { startFakeBitbucket, type FakeBitbucket } from '../fakes/bitbucket.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { isBlobPut, startFaultProxy, type ProxiedRequest } from '../support/fault-proxy.ts';
import { startRegistry } from '../support/registry.ts';
import { removeImagesOf } from '../support/containers.ts';
import { pushTinyImage } from '../support/tiny-image.ts';
import { toldStates } from '../support/told-states.ts';
import { hasSaid, preheat, readOutcome, startPreheat } from '../support/preheat.ts';

const PIPE = fileURLToPath(new URL('../../pipe/main.ts', import.meta.url));
const TOKEN = 'bitbucket-token-for-tests';
const fileWith = (init: string): string =>
  `image: debian:bookworm\ntasks:\n  - name: build\n    init: ${init}\n`;

/** What Pipelines sets in a step for a push to main. */
function pipelinesVariables(
  clone: TestClone,
  commit: string,
  bitbucket: FakeBitbucket,
): Record<string, string> {
  return {
    CI: 'true',
    BITBUCKET_PIPELINE_UUID: '{11111111-2222-3333-4444-555555555555}',
    BITBUCKET_CLONE_DIR: clone.directory,
    BITBUCKET_COMMIT: commit,
    BITBUCKET_BRANCH: 'main',
    BITBUCKET_WORKSPACE: 'team',
    BITBUCKET_REPO_SLUG: 'app',
    BITBUCKET_GIT_HTTP_ORIGIN: 'http://bitbucket.org/team/app',
    BITBUCKET_BUILD_NUMBER: '7',
    BITBUCKET_ACCESS_TOKEN: TOKEN,
    BITBUCKET_API: bitbucket.baseUrl,
    REGISTRY: `oci:${join(clone.directory, '.preheat', 'images')}`,
  };
}

async function setUp(init: string, file = fileWith(init)) {
  const clone = await makeClone({ '.gitpod.yml': file });
  const commit = await clone.git('rev-parse', 'HEAD');
  const bitbucket = await startFakeBitbucket({
    repositories: { 'team/app': [commit] },
    tokens: [{ authorization: `Bearer ${TOKEN}`, scopes: ['repository', 'pullrequest'] }],
  });
  const stack = new AsyncDisposableStack();
  stack.use(clone);
  stack.use(bitbucket);
  return {
    clone,
    commit,
    bitbucket,
    env: pipelinesVariables(clone, commit, bitbucket),
    states: () => toldStates(bitbucket),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function runningContainers(pid: number): Promise<number> {
  const filter = 'label=dev.preheat.run';
  const format = '{{.Label "dev.preheat.owner"}}';
  const { stdout } = await execa('docker', ['ps', '--all', '--filter', filter, '--format', format]);
  return stdout.split('\n').filter((owner) => owner.endsWith(`/${pid}`)).length;
}

/** Resolves when a file is there. */
async function hasMade(path: string): Promise<void> {
  for (let tries = 0; tries < 3000 && !existsSync(path); tries++) await sleep(20);
  assert.ok(existsSync(path), `${path} was not made`);
}

describe('the build status', () => {
  it('goes from INPROGRESS to SUCCESSFUL', async () => {
    await using world = await setUp('echo ok');
    const { exitCode, stderr } = await preheat(['build'], { cwd: world.clone.directory, env: world.env });
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(world.states(), ['INPROGRESS', 'SUCCESSFUL']);
    assert.partialDeepStrictEqual(world.bitbucket.statuses('team/app', world.commit), [
      { state: 'SUCCESSFUL', refname: 'main', url: 'https://bitbucket.org/team/app/pipelines/results/7' },
    ]);
    assert.ok(!stderr.includes(TOKEN));
  });

  it('goes to FAILED when a task fails', async () => {
    await using world = await setUp('exit 3');
    const { exitCode } = await preheat(['build'], { cwd: world.clone.directory, env: world.env });
    assert.equal(exitCode, 51);
    assert.deepEqual(world.states(), ['INPROGRESS', 'FAILED']);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`goes to STOPPED at ${signal}, and nothing goes on running`, async () => {
      await using world = await setUp('echo started; sleep 300');
      const running = startPreheat(['build'], { cwd: world.clone.directory, env: world.env });
      await hasSaid(running, '[build] started');
      running.kill(signal);
      const { exitCode } = await running;
      assert.equal(exitCode, 130);
      assert.deepEqual(world.states(), ['INPROGRESS', 'STOPPED']);
      assert.equal((await readOutcome(world.clone.directory)).result, 'interrupted');
      assert.equal(await runningContainers(running.pid ?? 0), 0);
    });
  }

  it('goes to FAILED when preheat itself crashes', async () => {
    await using world = await setUp('echo started; sleep 300');
    await using programs = await mkdtempDisposable(join(tmpdir(), 'preheat-crash-'));
    const bomb = join(programs.path, 'bomb.mjs');
    // SIGUSR2 is nothing to preheat.
    await writeFile(bomb, "process.on('SIGUSR2', () => { throw new Error('odd'); });\n");
    const env = { ...world.env, NODE_OPTIONS: `--import=${bomb}` };
    const running = startPreheat(['build'], { cwd: world.clone.directory, env });
    await hasSaid(running, '[build] started');
    running.kill('SIGUSR2');
    const { exitCode } = await running;
    assert.equal(exitCode, 50);
    assert.deepEqual(world.states(), ['INPROGRESS', 'FAILED']);
    assert.equal((await readOutcome(world.clone.directory)).failure?.message, 'the run crashed: odd');
    assert.equal(await runningContainers(running.pid ?? 0), 0);
  });

  it('has an INPROGRESS that a killed run left overwritten by the next run of the commit', async () => {
    await using world = await setUp('echo started; sleep 5');
    const killed = startPreheat(['build'], { cwd: world.clone.directory, env: world.env });
    await hasSaid(killed, '[build] started');
    killed.kill('SIGKILL');
    await killed;
    assert.deepEqual(world.states(), ['INPROGRESS']);
    const { exitCode, stderr } = await preheat(['build'], { cwd: world.clone.directory, env: world.env });
    assert.equal(exitCode, 0, stderr);
    const told = world.bitbucket.statuses('team/app', world.commit);
    assert.deepEqual(
      told.map(({ state }) => state),
      ['SUCCESSFUL'],
    );
  });

  it('is none where a run is interrupted before it knows its commit', async () => {
    await using world = await setUp('echo ok');
    await using programs = await mkdtempDisposable(join(tmpdir(), 'preheat-git-'));
    await writeFile(join(programs.path, 'git'), '#!/bin/sh\necho asked >&2\nexec sleep 300\n', {
      mode: 0o755,
    });
    const path = `${programs.path}:${process.env['PATH']}`;
    // Where the default branch is known, its own git is the first thing that a run waits for after the event.
    const env = { ...world.env, PATH: path, DEFAULT_BRANCH: 'main' };
    const running = startPreheat(['build'], { cwd: world.clone.directory, env });
    await hasMade(join(world.clone.directory, '.preheat', 'records', 'event.json'));
    running.kill('SIGTERM');
    assert.equal((await running).exitCode, 130);
    assert.deepEqual(world.states(), []);
    assert.equal((await readOutcome(world.clone.directory)).result, 'interrupted');
  });

  for (const [stage, isHeld] of [
    ['looks things up', ({ url }) => url.includes('/manifests/')],
    ['publishes', isBlobPut],
  ] satisfies readonly (readonly [string, (request: ProxiedRequest) => boolean])[]) {
    it(`goes to STOPPED where a run is interrupted while it ${stage}, and no tag is left`, async () => {
      await using registry = await startRegistry();
      const image = await pushTinyImage(registry.host);
      await using _pulled = { [Symbol.asyncDispose]: () => removeImagesOf(registry.host) };
      await using proxy = await startFaultProxy(registry.host);
      await using world = await setUp('', `image: ${image}\n`);
      const held = Promise.withResolvers<void>();
      proxy.intercept = (request) => {
        if (!isHeld(request)) return undefined;
        held.resolve();
        return { kind: 'hang' };
      };
      const words = ['build', '--registry', `${proxy.host}/app`];
      const running = startPreheat(words, { cwd: world.clone.directory, env: world.env });
      await Promise.race([held.promise, running]);
      running.kill('SIGTERM');
      const { exitCode, stderr } = await running;
      assert.equal(exitCode, 130, stderr);
      assert.deepEqual(world.states(), ['INPROGRESS', 'STOPPED']);
      const outcome = await readOutcome(world.clone.directory);
      assert.equal(outcome.result, 'interrupted');
      assert.equal(outcome.image, undefined);
      const { status } = await fetch(`http://${registry.host}/v2/app/tags/list`);
      assert.equal(status, 404, 'something was published');
      const left = await readdir(join(world.clone.directory, '.preheat'));
      assert.deepEqual(
        left.filter((name) => name.startsWith('staging')),
        [],
      );
    });
  }

  it('never fails a build, unless asked to', async () => {
    await using world = await setUp('echo ok');
    const env = { ...world.env, BITBUCKET_ACCESS_TOKEN: 'another-token' };
    const lenient = await preheat(['build'], { cwd: world.clone.directory, env });
    assert.equal(lenient.exitCode, 0, lenient.stderr);
    assert.match(lenient.stderr, /cannot report the build status/);
    const strict = await preheat(['build', '--strict-report'], { cwd: world.clone.directory, env });
    assert.equal(strict.exitCode, 70, strict.stderr);
    assert.match(strict.stderr, /✖ cannot report the build status: .*401/);
    assert.equal((await readOutcome(world.clone.directory)).exitCode, 70);
  });
});

describe('the pipe', () => {
  for (const [failOnTask, exitCode, state] of [
    ['', 0, 'STOPPED'],
    ['true', 51, 'FAILED'],
  ] as const) {
    it(`ends with ${exitCode} and ${state} when a task fails and FAIL_ON_TASK is '${failOnTask}'`, async () => {
      await using world = await setUp('exit 3');
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, ...world.env, FAIL_ON_TASK: failOnTask };
      const run = await execa(process.execPath, [PIPE], { env, extendEnv: false, reject: false, cwd: '/' });
      assert.equal(run.exitCode, exitCode, run.stderr);
      assert.deepEqual(world.states(), ['INPROGRESS', state]);
      assert.equal((await readOutcome(world.clone.directory)).exitCode, 51);
    });
  }
});

describe('what a killed run leaves', () => {
  it('is removed by the next one', async () => {
    await using clone = await makeClone({ '.gitpod.yml': fileWith('echo started; sleep 300') });
    const killed = startPreheat(['build'], { cwd: clone.directory });
    await hasSaid(killed, '[build] started');
    killed.kill('SIGKILL');
    await killed;
    const pid = killed.pid ?? 0;
    assert.equal(await runningContainers(pid), 1);
    await clone.commit({ '.gitpod.yml': fileWith('echo ok') });
    const next = await preheat(['build'], { cwd: clone.directory });
    assert.equal(next.exitCode, 0, next.stderr);
    // Another run on this machine may have been faster in removing it.
    for (let tries = 0; tries < 50 && (await runningContainers(pid)) > 0; tries++) await sleep(100);
    assert.equal(await runningContainers(pid), 0);
  });
});
