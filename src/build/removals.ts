import type { Log } from '../kernel/log.ts';
import type { Container, Engine } from './engine.ts';

/**
 * Removals of containers that go on beside the work after them: an engine takes long over one with many files. When this
 * is disposed of, all of them are over; that somebody waits for it is told as a step.
 */
export interface Removals extends AsyncDisposable {
  /** The same engine, except that nobody waits for it who disposes of a container. */
  of(engine: Engine): Engine;
}

/** Opens the removals of one run, which ends when they have. */
export function openRemovals(log: Log): Removals {
  const underWay = new Set<Container>();
  const removals: Promise<void>[] = [];
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
    async [Symbol.asyncDispose]() {
      if (underWay.size === 0) return;
      await log.step('clean up', async (step) => {
        step.progress('the engine removes the container of the tasks');
        await Promise.all(removals);
      });
    },
  };
}
