import assert from 'node:assert/strict';
import { openRemovals } from '../../src/build/removals.ts';
import type { Engine } from '../../src/build/engine.ts';
import { bareDocker, connectTestEngine, patience, waitingSpec } from '../support/engine.ts';
import { silentLog } from '../support/silent-log.ts';

interface Timing {
  /** When a removal begins. */
  readonly begin: Promise<void>;
  /** Is called when it is over. */
  readonly over: () => void;
}

/** The test engine, which takes its time to remove containers. */
function slowEngine({ begin, over }: Timing): Engine {
  const { engine } = connectTestEngine();
  return {
    ...engine,
    async createContainer(spec, options) {
      const container = await engine.createContainer(spec, options);
      return {
        ...container,
        async [Symbol.asyncDispose]() {
          await begin;
          await container[Symbol.asyncDispose]();
          over();
        },
      };
    },
  };
}

async function exists(id: string): Promise<boolean> {
  const found = await bareDocker().listContainers({ all: true, filters: { id: [id] } });
  return found.length > 0;
}

/** Gives everything that is ready the time to happen. */
async function breathe(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('openRemovals', () => {
  it('lets work go on beside a removal, and ends when the container is gone, which it tells', async () => {
    const held = Promise.withResolvers<void>();
    const { log, events } = silentLog();
    const removals = openRemovals(log);
    const engine = removals.of(slowEngine({ begin: held.promise, over: () => undefined }));
    const container = await engine.createContainer(await waitingSpec(), patience());
    await container[Symbol.asyncDispose]();
    let hasEnded = false;
    const ending = (async () => {
      await removals[Symbol.asyncDispose]();
      hasEnded = true;
    })();
    await breathe();
    assert.deepEqual([hasEnded, await exists(container.id)], [false, true]);
    held.resolve();
    await ending;
    assert.equal(await exists(container.id), false);
    const told = events.map((event) => ('name' in event ? `${event.type} ${event.name}` : event.type));
    assert.deepEqual(told, ['step-start clean up', 'step-progress', 'step-end clean up']);
  });

  it('disposes of what a container may need only once it is gone, and of all else too', async () => {
    const held = Promise.withResolvers<void>();
    const order: string[] = [];
    const removals = openRemovals(silentLog().log);
    const engine = removals.of(slowEngine({ begin: held.promise, over: () => order.push('container') }));
    const container = await engine.createContainer(await waitingSpec(), patience());
    const image = { [Symbol.asyncDispose]: async () => void order.push('image') };
    assert.equal(removals.afterwards(image), image);
    await container[Symbol.asyncDispose]();
    const ending = removals[Symbol.asyncDispose]();
    await breathe();
    assert.deepEqual(order, []);
    held.resolve();
    await ending;
    assert.deepEqual(order, ['container', 'image']);
    const alone = openRemovals(silentLog().log);
    alone.afterwards(image);
    await alone[Symbol.asyncDispose]();
    assert.deepEqual(order, ['container', 'image', 'image']);
  });

  it('says nothing of a removal for which nobody has to wait', async () => {
    const gone = Promise.withResolvers<void>();
    const { log, events } = silentLog();
    const removals = openRemovals(log);
    const engine = removals.of(slowEngine({ begin: Promise.resolve(), over: gone.resolve }));
    const container = await engine.createContainer(await waitingSpec(), patience());
    await container[Symbol.asyncDispose]();
    await gone.promise;
    await breathe();
    await removals[Symbol.asyncDispose]();
    assert.deepEqual([events, await exists(container.id)], [[], false]);
  });
});
