import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngineProxy, type EngineProxy } from '../support/engine-proxy.ts';
import { hasSaid } from '../support/preheat.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let image: TaskImage;
const fileWith = (init: string): string =>
  `image: ${image.name}\ntasks:\n  - name: build\n    init: ${init}\n`;

type Run = ReturnType<Workshop['start']>;

/** Starts a build whose removal of its container waits for `release`. */
async function startHeld(
  workshop: Workshop,
  proxy: EngineProxy,
  before: (run: Run) => Promise<void> = async () => undefined,
): Promise<{ readonly run: Run; readonly release: () => void }> {
  const asked = proxy.holdRemoval();
  const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
  await before(run);
  const release = await Promise.race([asked, run]);
  assert.ok(typeof release === 'function', 'the run ended without a removal');
  return { run, release };
}

/** Whether the last of the files that tell how a run ended is there, which comes whole. */
async function hasToldAll({ state }: Workshop): Promise<boolean> {
  const names = await readdir(join(state, 'test-results')).catch((): readonly string[] => []);
  return names.includes('preheat.xml');
}

/** Resolves when the run has told how it ended, and waits for the removal alone. */
async function outcomeOf(workshop: Workshop, run: Run): Promise<string> {
  let hasEnded = false;
  const ending = (async () => {
    await run;
    hasEnded = true;
  })();
  while (!(await hasToldAll(workshop))) {
    await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, 20))]);
    assert.ok(!hasEnded, 'the run ended without an outcome');
  }
  await assert.rejects(workshop.assertTidy(run.pid), /containers/);
  return (await workshop.outcome()).result;
}

describe('a build whose engine takes long to remove the container', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  it('publishes and tells of the image meanwhile, and ends when it is gone, which it tells', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const { run, release } = await startHeld(workshop, proxy);
    assert.equal(await outcomeOf(workshop, run), 'warm');
    release();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /✔ publish.*\n(?:.*\n)*.*✔ clean up/);
    await workshop.assertTidy(run.pid);
  });

  it('tells of a task that failed meanwhile (51)', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('exit 3') });
    const { run, release } = await startHeld(workshop, proxy);
    assert.equal(await outcomeOf(workshop, run), 'not-warm');
    release();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 51, stderr);
    await workshop.assertTidy(run.pid);
  });

  it('removes the base that it built for a task that failed, once the container is gone', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({
      '.gitpod.yml': 'image:\n  file: Dockerfile\ntasks:\n  - name: build\n    init: exit 3\n',
      Dockerfile: `FROM ${image.name}\nRUN echo built > /built\n`,
    });
    const { run, release } = await startHeld(workshop, proxy);
    assert.equal(await outcomeOf(workshop, run), 'not-warm');
    release();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 51, stderr);
    assert.doesNotMatch(stderr, /stays behind/);
    await workshop.assertTidy(run.pid);
  });

  it('tells of an interruption meanwhile (130)', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo started; sleep 60') });
    const { run, release } = await startHeld(workshop, proxy, async (started) => {
      await hasSaid(started, '[build] started');
      started.kill('SIGTERM');
    });
    assert.equal(await outcomeOf(workshop, run), 'interrupted');
    release();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 130, stderr);
    await workshop.assertTidy(run.pid);
  });

  it('removes it all the same when it is interrupted while it waits, and stays warm', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const { run, release } = await startHeld(workshop, proxy);
    assert.equal(await outcomeOf(workshop, run), 'warm');
    run.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 500));
    release();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 0, stderr);
    await workshop.assertTidy(run.pid);
  });
});
