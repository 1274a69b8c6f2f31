import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isBlobPut, startFaultProxy } from '../support/fault-proxy.ts';
import { startEngineProxy } from '../support/engine-proxy.ts';
import { ACCOUNT, startRegistry } from '../support/registry.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop } from '../support/workshop.ts';

let image: TaskImage;
const fileWith = (init: string): string => `image: ${image.name}\ntasks:\n  - init: ${init}\n`;

/** Tells when a file comes to be. */
function watchFor(file: string, there: () => void): Disposable {
  const watcher = watch(dirname(file), (_, name) => {
    if (name === basename(file)) there();
  });
  return { [Symbol.dispose]: () => watcher.close() };
}

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

  it('by kill -9 while sources are laid leaves nothing that the next build does not sweep', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const programs = join(workshop.images, '..', 'programs');
    const marker = join(programs, 'packs');
    await mkdir(programs);
    // A git that packs until nobody waits for it any more.
    const slow = `for word; do [ "$word" = pack-objects ] || continue
      touch '${marker}'; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done; exit 1; done`;
    const git = join(programs, 'git');
    await writeFile(git, `#!/bin/sh\n${slow}\nPATH="\${PATH#*:}" exec git "$@"\n`, { mode: 0o755 });
    const started = Promise.withResolvers<void>();
    using _watch = watchFor(marker, started.resolve);
    const run = workshop.start({ env: { PATH: `${programs}:${process.env['PATH'] ?? ''}` } });
    await Promise.race([started.promise, run]);
    const left = async (): Promise<readonly string[]> =>
      (await readdir(workshop.state)).filter((name) => name.startsWith('source.'));
    assert.equal((await left()).length, 1);
    run.kill('SIGKILL');
    await run;
    assert.equal((await left()).length, 1);
    assert.deepEqual(await readdir(workshop.temporary), []);
    const again = await workshop.start();
    assert.equal(again.exitCode, 0, again.stderr);
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
