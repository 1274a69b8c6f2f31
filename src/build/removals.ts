import type { Log } from '../kernel/log.ts';
import type { Container, Engine } from './engine.ts';

/**
 * Removals of containers that go on beside the work after them: an engine takes long over one with many files. When this
 * is disposed of, all of them are over, and what has to wait for them is disposed of; that somebody waits is told as a
 * step.
 */
export interface Removals extends AsyncDisposable {
  /** The same engine, except that nobody waits for it who disposes of a container. */
  of(engine: Engine): Engine;
  /** Disposes of something once they are over: an engine keeps the image of a container that is there. */
  afterwards<T extends AsyncDisposable>(owned: T): T;
}

/** Opens the removals of one run, which ends when they have. */
export function openRemovals(log: Log): Removals {
  const underWay = new Set<Container>();
  const removals: Promise<void>[] = [];
  const later = new AsyncDisposableStack();
  const remove = async (container: Container): Promise<void> => {
    underWay.add(container);
    await container[Symbol.asyncDispose]();
    underWay.delete(container);
  };
  return {
    of: (engine) => ({
      ...engine,
      async createContainer(spec, options) {
        const container = await engine.createContainer(spec, options);
        const begin = async (): Promise<void> => void removals.push(remove(container));
        return { ...container, [Symbol.asyncDispose]: begin };
      },
    }),
    afterwards: (owned) => later.use(owned),
    async [Symbol.asyncDispose]() {
      await using _later = later;
      if (underWay.size === 0) return;
      await log.step('clean up', async (step) => {
        step.progress('the engine removes the container of the tasks');
        await Promise.all(removals);
      });
    },
  };
}
