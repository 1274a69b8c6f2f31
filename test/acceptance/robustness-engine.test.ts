import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { asRoot } from '../support/as-root.ts';
import { ImageIndex } from '../../src/oci/manifest.ts';
import { startEngineProxy } from '../support/engine-proxy.ts';
import { hasSaid } from '../support/preheat.ts';
import { startPrivateEngine } from '../support/private-engine.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const LONG = 'echo started; sleep 60';

let image: TaskImage;
const fileWith = (init: string): string =>
  `image: ${image.name}\ntasks:\n  - name: build\n    init: ${init}\n`;

/** Tags of the workshop's layout that name a workspace image or a record. */
async function published({ images }: Workshop): Promise<readonly string[]> {
  if ((await readdir(images)).length === 0) return [];
  const { manifests } = ImageIndex.parse(JSON.parse(await readFile(join(images, 'index.json'), 'utf8')));
  return manifests
    .map(({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] ?? '')
    .filter((tag) => !tag.startsWith('base-'));
}

/** Names of the paths in all layers of the layout. */
async function layerPaths({ images }: Workshop): Promise<readonly string[]> {
  const folder = join(images, 'blobs', 'sha256');
  const names = await Promise.all(
    (await readdir(folder)).map(
      async (blob) => (await execa('tar', ['-tzf', join(folder, blob)], { reject: false })).stdout,
    ),
  );
  return names.join('\n').split('\n');
}

describe('an engine that goes away', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  it(
    'while a task runs, and comes back: told (50), and its container removed by the next build',
    asRoot(async () => {
      await using engine = await startPrivateEngine();
      await engine.docker('load', '--input', image.archive);
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(LONG) });
      const words = ['--registry', `oci:${workshop.images}`, '--network', 'host'];
      const how = { words, env: { DOCKER_HOST: engine.host } };
      const run = workshop.start(how);
      await hasSaid(run, '[build] started');
      await engine.stop();
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, 50, stderr);
      assert.ok(stderr.includes(`cannot reach the Docker engine at ${engine.host}`), stderr);
      assert.partialDeepStrictEqual((await workshop.outcome()).failure, { phase: 'build', code: 'engine' });
      await workshop.assertTidy(undefined);
      assert.deepEqual(await published(workshop), []);

      await engine.start();
      assert.notEqual(await engine.docker('ps', '--all', '--quiet'), '');
      await workshop.clone.commit({ '.gitpod.yml': fileWith('echo ok') });
      const next = await workshop.start(how);
      assert.equal(next.exitCode, 0, next.stderr);
      assert.match(next.stderr, /removed 1 container that a killed run had left/);
      assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
      await workshop.assertTidy(undefined);
    }),
  );

  it('for good while a task runs (50)', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(LONG) });
    const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
    await hasSaid(run, '[build] started');
    proxy.cut();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 50, stderr);
    assert.match(stderr, /cannot reach the Docker engine at tcp:/);
    assert.match(stderr, /container [0-9a-f]{12} stays behind/);
    await workshop.assertTidy(undefined);
    await workshop.clone.commit({ '.gitpod.yml': fileWith('echo ok') });
    assert.equal((await workshop.start()).exitCode, 0);
    await workshop.assertTidy(run.pid);
  });

  it('in the middle of the base that it exports (50)', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo ok') });
    const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
    await Promise.race([proxy.breakAnswerAt(2_000_000, 'anywhere'), run]);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 50, stderr);
    assert.match(
      stderr,
      /✖ import base: cannot export image .*connection to the Docker engine at tcp:\S+ broke/,
    );
    await workshop.assertTidy(run.pid);
    assert.deepEqual(await published(workshop), []);
  });

  it('in the middle of a layer that it sends (50)', async () => {
    await using proxy = await startEngineProxy();
    await using workshop = await openWorkshop({
      '.gitpod.yml': fileWith('head --bytes=40000000 /dev/urandom > made'),
    });
    const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
    await Promise.race([proxy.breakAnswerAt(20_000_000, 'anywhere'), run]);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 50, stderr);
    assert.match(stderr, /✖ capture: .*the connection to the Docker engine at tcp:\S+ broke/);
    assert.match((await workshop.outcome()).failure?.hint ?? '', /^Look in the log of the engine/);
    await workshop.assertTidy(run.pid);
    assert.deepEqual(await published(workshop), []);
  });
});

describe('a connection to the engine that ends as if all had been said', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  const NAMES = 300;
  const MANY = `mkdir many && for ((n = 0; n < ${NAMES}; n++)); do echo > many/with-a-long-name-$n; done; head --bytes=100000 /dev/urandom > made`;

  for (const bytes of [9_000, 40_000, 60_000, 80_000]) {
    it(`after ${bytes} bytes, publishes no image that lacks a path`, async () => {
      await using proxy = await startEngineProxy();
      await using workshop = await openWorkshop({
        '.gitpod.yml': fileWith(`${MANY}; echo started; sleep 1`),
      });
      const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
      await hasSaid(run, '[build] started');
      await Promise.race([proxy.breakAnswerAt(bytes, 'between-frames'), run]);
      const { exitCode, stderr } = await run;
      await workshop.assertTidy(run.pid);
      if (exitCode === 0) {
        // The answer had ended just there.
        const paths = await layerPaths(workshop);
        assert.equal(paths.filter((path) => path.includes('with-a-long-name')).length, NAMES);
        assert.equal(paths.filter((path) => path.includes('.wh.')).length, 0);
        return;
      }
      assert.equal(exitCode, 50, stderr);
      assert.match(stderr, /✖ capture: cannot .*(broke off|could not run its program to the end)/);
      assert.deepEqual(await published(workshop), []);
    });
  }
});
