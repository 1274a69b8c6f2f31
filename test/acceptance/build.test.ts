import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { BuildPlan } from '../../src/plan/build-plan.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome, startPreheat } from '../support/preheat.ts';
import { containersMadeBy } from '../support/containers.ts';

const GITPOD_YML = `image: debian:bookworm
tasks:
  - name: build
    init: |
      mkdir -p dist
      git rev-parse HEAD > dist/commit.txt
      echo generated >> README.md
ports:
  - port: 8080
`;
const FILES = { '.gitpod.yml': GITPOD_YML, 'README.md': 'hello\n', '.gitignore': 'dist/\n' };

describe('preheat build into an OCI layout', () => {
  let clone: TestClone;
  let images: string;
  const build = () => preheat(['build', '--registry', `oci:${images}`], { cwd: clone.directory });

  before(async () => {
    images = await mkdtemp(join(tmpdir(), 'preheat-images-'));
    clone = await makeClone(FILES);
  });
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await rm(images, { recursive: true, force: true });
  });

  it('builds a commit, and writes outcome, environment and page', async () => {
    const since = Date.now();
    const running = startPreheat(['build', '--registry', `oci:${images}`], { cwd: clone.directory });
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    assert.equal(await containersMadeBy(running.pid ?? 0, since), 1);
    const outcome = await readOutcome(clone.directory);
    assert.deepEqual(
      outcome.layers.map(({ role }) => role),
      ['base', 'task', 'runtime', 'source', 'patch'],
    );
    assert.partialDeepStrictEqual(outcome, { result: 'warm', steps: [{ name: 'tasks', outcome: 'ran' }] });
    const sourced = await execa(
      'sh',
      ['-c', '. .preheat/preheat.env; echo "$PREHEAT_STATE $PREHEAT_DIGEST"'],
      {
        cwd: clone.directory,
      },
    );
    assert.equal(sourced.stdout, `warm ${outcome.digest}`);
    assert.match(
      await readFile(join(clone.directory, '.preheat', 'report.html'), 'utf8'),
      /<!doctype html>/i,
    );
    assert.equal(await clone.git('status', '--porcelain'), '');
  });

  it('keeps the same commit as it is: no container, the same digest, nothing sent', async () => {
    const first = await readOutcome(clone.directory);
    const since = Date.now();
    const running = startPreheat(['build', '--registry', `oci:${images}`], { cwd: clone.directory });
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    const second = await readOutcome(clone.directory);
    assert.equal(second.digest, first.digest);
    assert.deepEqual(second.uploaded, { blobs: 0, bytes: 0 });
    assert.equal(await containersMadeBy(running.pid ?? 0, since), 0);
  });

  it('makes the same image again from nothing but the same inputs', async () => {
    const first = await readOutcome(clone.directory);
    const elsewhere = await mkdtemp(join(tmpdir(), 'preheat-images-'));
    try {
      const again = await preheat(['build', '--registry', `oci:${elsewhere}`], { cwd: clone.directory });
      assert.equal(again.exitCode, 0, again.stderr);
      const second = await readOutcome(clone.directory);
      const reproducible = (layers: typeof first.layers) =>
        layers.filter(({ role }) => ['base', 'runtime', 'source'].includes(role)).map(({ digest }) => digest);
      assert.deepEqual(reproducible(second.layers), reproducible(first.layers));
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('plans without changing anything', async () => {
    const { exitCode, stdout } = await preheat(['plan', '--json', '--registry', `oci:${images}`], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 0);
    assert.equal(BuildPlan.parse(JSON.parse(stdout)).image.kind, 'hit');
  });

  it('runs the tasks again when the commit changed, so that no stamp goes stale', async () => {
    const commit = await clone.commit({}, 'An empty commit');
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 0, stderr);
    assert.partialDeepStrictEqual(await readOutcome(clone.directory), {
      commit,
      steps: [{ outcome: 'ran' }],
    });
  });
});
