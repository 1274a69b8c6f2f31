import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClone, type TestClone } from '../support/clone.ts';
import { removeImagesOf } from '../support/containers.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { ACCOUNT, startRegistry, type AccessEntry, type TestRegistry } from '../support/registry.ts';

const SECRET = { REGISTRY_USERNAME: ACCOUNT.username, REGISTRY_PASSWORD: ACCOUNT.password };
const isLayerDownload = ({ method, path }: AccessEntry): boolean =>
  method === 'GET' && path.includes('/blobs/');

const dockerfileOn = (image: string): string => `# the workspace's tools
FROM ${image}
COPY tools /opt/tools
RUN useradd --uid 33333 --create-home gitpod && test -z "$(grep -r '${ACCOUNT.password}' /root /run /tmp)"
ENV TOOLS=/opt/tools
USER gitpod
`;

describe('a base image from a Dockerfile', () => {
  let registry: TestRegistry;
  let clone: TestClone;
  let image: string;

  before(async () => {
    registry = await startRegistry({ password: true });
    image = await pushFromEngine('debian:bookworm', `${registry.host}/base/debian:bookworm`, SECRET);
    clone = await makeClone({
      '.gitpod.yml':
        'image:\n  file: .gitpod.Dockerfile\ntasks:\n  - init: $TOOLS/greet > made.txt && id -un\n',
      '.gitpod.Dockerfile': dockerfileOn(image),
      'tools/greet': '#!/bin/sh\necho hello\n',
      'README.md': 'hello\n',
      '.gitignore': 'made.txt\n',
    });
    await clone.git('update-index', '--chmod=+x', 'tools/greet');
    await clone.git('commit', '--quiet', '--message', 'Make it run');
    await clone.git('reset', '--hard', '--quiet');
  });
  after(async () => {
    await removeImagesOf(registry.host);
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const build = (...words: readonly string[]): Promise<Run> =>
    preheat(['build', '--registry', `${registry.host}/team/app`, ...words], {
      cwd: clone.directory,
      env: SECRET,
    });
  const built = async (...words: readonly string[]) => {
    const { exitCode, stderr } = await build(...words);
    assert.equal(exitCode, 0, stderr);
    const outcome = await readOutcome(clone.directory);
    const steps = Object.fromEntries(outcome.steps.map(({ name, outcome: ended }) => [name, ended]));
    return { outcome, steps, stderr };
  };

  let first: Awaited<ReturnType<typeof built>>;

  it('is built and kept; what it stands on is mounted, and tasks run on it as its user', async () => {
    await registry.takeRequests();
    first = await built();
    const requests = await registry.takeRequests();
    assert.deepEqual(first.steps, { base: 'ran', tasks: 'ran' });
    assert.match(first.stderr, /\[Task 1\] gitpod/);
    assert.ok(requests.some(({ path, status }) => path.includes('mount=') && status === 201));
    const base = first.outcome.layers.filter(({ role }) => role === 'base');
    assert.deepEqual(
      base.map(({ reused }) => reused),
      [true, false, false],
      'the layer of FROM is the registry’s own',
    );
    assert.equal(first.outcome.baseImage?.reference, '.gitpod.Dockerfile');
  });

  it('costs nothing at the same commit: no container, no layer, few requests', async () => {
    await registry.takeRequests();
    const { outcome, steps } = await built();
    // With a password each call of the registry's client is asked who it is first.
    const requests = (await registry.takeRequests()).filter(({ status }) => status !== 401);
    assert.equal(outcome.digest, first.outcome.digest);
    assert.deepEqual(steps, { base: 'reused', tasks: 'reused' });
    assert.ok(requests.length <= 12, `${requests.length} requests`);
    const configs = requests.filter(isLayerDownload);
    assert.ok(configs.length <= 1, 'only the config of FROM is read, for its ONBUILD');
  });

  it('stays where no file of it changed, though the engine has forgotten it', async () => {
    await clone.commit({ 'README.md': 'changed\n' });
    const { outcome, steps } = await built();
    assert.deepEqual(steps, { base: 'reused', tasks: 'ran' });
    assert.equal(outcome.baseImage?.digest, first.outcome.baseImage?.digest);
  });

  it('is built again where a file that it copies changed its mode', async () => {
    await clone.git('update-index', '--chmod=-x', 'tools/greet');
    await clone.git('commit', '--quiet', '--message', 'Do not run it');
    const { exitCode } = await build();
    assert.equal(exitCode, 51, 'the task cannot run it any more');
    const { steps } = await readOutcome(clone.directory);
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ['ran', 'failed'],
    );
    const again = await build();
    assert.equal(again.exitCode, 51);
    assert.equal(
      (await readOutcome(clone.directory)).steps[0]?.outcome,
      'reused',
      'it was kept nevertheless',
    );
    await clone.git('reset', '--hard', '--quiet', 'HEAD~1');
  });

  it('is not taken from an unprotected branch by a protected one', async () => {
    await clone.commit({ 'tools/greet': '#!/bin/sh\necho branch\n' });
    assert.equal((await built('--branch', 'feature/x', '--default-branch', 'main')).steps['base'], 'ran');
    assert.equal((await built('--branch', 'main', '--default-branch', 'main')).steps['base'], 'ran');
    assert.equal((await built('--branch', 'feature/y', '--default-branch', 'main')).steps['base'], 'reused');
  });

  it('is built again where what was kept of it has gone', async () => {
    await clone.commit({ 'README.md': 'changed again\n' });
    const { outcome } = await built();
    const last = outcome.layers.findLast(({ role }) => role === 'base');
    const hex = last?.digest.slice('sha256:'.length) ?? '';
    await rm(join(registry.storage, 'docker/registry/v2/repositories/team/app/_layers/sha256', hex), {
      recursive: true,
    });
    await clone.commit({ 'README.md': 'and again\n' });
    const { steps, stderr } = await built();
    assert.deepEqual(steps, { base: 'ran', tasks: 'ran' });
    assert.match(stderr, /cannot use base-protected\.main-\S+: its blob sha256:\S+ has gone/);
  });

  it('is there though a task has failed after it was built', async () => {
    await clone.commit({ 'tools/greet': '#!/bin/sh\nexit 7\n' });
    const { exitCode } = await build();
    assert.equal(exitCode, 51);
    assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [
      { name: 'base', outcome: 'ran' },
      { name: 'tasks', outcome: 'failed' },
    ]);
    const again = await build();
    assert.equal(again.exitCode, 51);
    assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [
      { name: 'base', outcome: 'reused' },
      { name: 'tasks', outcome: 'failed' },
    ]);
  });

  it('is told like a task that fails, with the line and its last output', async () => {
    await clone.commit({ '.gitpod.Dockerfile': `${dockerfileOn(image)}RUN echo so far; exit 3\n` });
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 51);
    assert.match(
      stderr,
      /cannot build the base image from \.gitpod\.Dockerfile: exit code 3 at RUN echo so far/,
    );
    const outcome = await readOutcome(clone.directory);
    assert.deepEqual(outcome.failure?.output?.at(-1), 'so far');
    assert.deepEqual(outcome.steps, [
      { name: 'base', outcome: 'failed', reason: 'no image of .gitpod.Dockerfile with these inputs is kept' },
    ]);
  });

  it('needs a Dockerfile (20)', async () => {
    await clone.git('rm', '--quiet', '.gitpod.Dockerfile');
    await clone.git('commit', '--quiet', '--message', 'Lose it');
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 20);
    assert.match(stderr, /image\.file.*\.gitpod\.Dockerfile/s);
  });
});
