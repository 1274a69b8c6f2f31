import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { isBlobPut, startFaultProxy } from '../support/fault-proxy.ts';
import { startEngineProxy } from '../support/engine-proxy.ts';
import { ACCOUNT, startRegistry } from '../support/registry.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop } from '../support/workshop.ts';

let image: TaskImage;
const fileWith = (init: string): string => `image: ${image.name}\ntasks:\n  - init: ${init}\n`;

describe('a build that is interrupted', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  for (const [stage, bytes] of [
    ['while the engine exports the base', 1_000_000],
    ['while a layer is captured', 20_000_000],
  ] as const) {
    it(`${stage} leaves nothing (130)`, async () => {
      await using proxy = await startEngineProxy();
      await using workshop = await openWorkshop({
        '.gitpod.yml': fileWith('head --bytes=40000000 /dev/urandom > made'),
      });
      const run = workshop.start({ env: { DOCKER_HOST: proxy.host } });
      await Promise.race([proxy.holdAnswerAt(bytes), run]);
      run.kill('SIGTERM');
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, 130, stderr);
      assert.equal((await workshop.outcome()).result, 'interrupted');
      assert.deepEqual(await readdir(workshop.images), []);
      await workshop.assertTidy(run.pid);
    });
  }

  it('while it sends a layer to a registry leaves nothing but what the registry sweeps itself (130)', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const held = Promise.withResolvers<void>();
    proxy.intercept = (request) => {
      if (!isBlobPut(request)) return undefined;
      held.resolve();
      return { kind: 'hang' };
    };
    const run = workshop.start({ words: ['--registry', `${proxy.host}/app`] });
    await Promise.race([held.promise, run]);
    run.kill('SIGTERM');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 130, stderr);
    assert.equal((await fetch(`http://${registry.host}/v2/app/tags/list`)).status, 404);
    await workshop.assertTidy(run.pid);
  });

  it('by kill -9 during a call to a registry leaves no credentials on the disk', async () => {
    await using registry = await startRegistry({ password: true });
    await using proxy = await startFaultProxy(registry.host);
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const held = Promise.withResolvers<string | undefined>();
    proxy.intercept = ({ headers }) => {
      if (headers.authorization === undefined) return undefined;
      held.resolve(headers.authorization);
      return { kind: 'hang' };
    };
    const env = { REGISTRY_USERNAME: ACCOUNT.username, REGISTRY_PASSWORD: ACCOUNT.password };
    const run = workshop.start({ words: ['--registry', `${proxy.host}/app`], env });
    const authorization = await Promise.race([held.promise, run]);
    run.kill('SIGKILL');
    await run;
    // The call itself had them.
    assert.equal(
      authorization,
      `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`,
    );
    assert.deepEqual(await readdir(workshop.temporary), []);
    assert.deepEqual(
      (await readdir(workshop.state, { recursive: true }))
        .filter((name) => !name.startsWith('records'))
        .toSorted(),
      ['.gitignore'],
    );
  });
});
