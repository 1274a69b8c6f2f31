import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { startFakeBitbucket, type FakeBitbucket } from '../fakes/bitbucket.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { hasSaid, preheat, readOutcome, startPreheat } from '../support/preheat.ts';

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
  };
}

async function setUp(init: string) {
  const clone = await makeClone({ '.gitpod.yml': fileWith(init) });
  const commit = await clone.git('rev-parse', 'HEAD');
  const bitbucket = await startFakeBitbucket({
    repositories: { 'team/app': [commit] },
    tokens: [{ authorization: `Bearer ${TOKEN}`, scopes: ['repository'] }],
  });
  const stack = new AsyncDisposableStack();
  stack.use(clone);
  stack.use(bitbucket);
  return {
    clone,
    commit,
    bitbucket,
    env: pipelinesVariables(clone, commit, bitbucket),
    states: () => bitbucket.requests.map(({ body }) => (body as { readonly state: string }).state),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function runningContainers(pid: number): Promise<number> {
  const filter = 'label=dev.preheat.run';
  const format = '{{.Label "dev.preheat.owner"}}';
  const { stdout } = await execa('docker', ['ps', '--all', '--filter', filter, '--format', format]);
  return stdout.split('\n').filter((owner) => owner.endsWith(`/${pid}`)).length;
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

  it('never fails a build, unless asked to', async () => {
    await using world = await setUp('echo ok');
    const env = { ...world.env, BITBUCKET_ACCESS_TOKEN: 'another-token' };
    const lenient = await preheat(['build'], { cwd: world.clone.directory, env });
    assert.equal(lenient.exitCode, 0, lenient.stderr);
    assert.match(lenient.stderr, /cannot report the build status/);
    const strict = await preheat(['build', '--strict-report'], { cwd: world.clone.directory, env });
    assert.equal(strict.exitCode, 70, strict.stderr);
  });
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
