import { connectDocker } from '../../src/adapters/engine/connect-docker.ts';
import { createHostToolbox } from '../../src/adapters/toolbox/host-toolbox.ts';
import type { Container } from '../../src/build/engine.ts';
import type { Toolbox } from '../../src/build/toolbox.ts';
import { BASE } from './step-run.ts';

/** A running container with the toolbox in it. */
export interface TestContainer extends AsyncDisposable {
  readonly container: Container;
  readonly toolbox: Toolbox;
}

export async function openTestContainer(): Promise<TestContainer> {
  const options = { signal: AbortSignal.timeout(120_000) };
  const { engine, localImages } = connectDocker({
    credentials: { credentialsFor: async () => undefined },
    warn: () => undefined,
  });
  const base = await localImages.find(BASE, options);
  if (!base) throw new Error(`${BASE} is missing: run npm run setup`);
  const toolbox = createHostToolbox();
  const entrypoint = toolbox.command('wait');
  const labels = { 'dev.preheat.test': 'container' };
  await using stack = new AsyncDisposableStack();
  const container = stack.use(
    await engine.createContainer({ image: base.id, entrypoint, labels, network: 'none' }, options),
  );
  await container.put(await toolbox.pack(base.platform, options), options);
  await container.start(options);
  const owned = stack.move();
  return { container, toolbox, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
