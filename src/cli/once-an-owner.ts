import type { Owner } from '../observe/step-record.ts';

/** Does work once for each owner, and gives its promise to all who ask. */
export function onceAnOwner<T>(work: (owner: Owner) => Promise<T>): (owner: Owner) => Promise<T> {
  const begun = new Map<string, Promise<T>>();
  return async (owner) => {
    const name = `${owner.uid}:${owner.gid}`;
    const working = begun.get(name) ?? work(owner);
    begun.set(name, working);
    return await working;
  };
}
