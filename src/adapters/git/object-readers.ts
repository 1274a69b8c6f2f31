import { PreheatError } from '../../kernel/failure.ts';
import type { GitCall, GitPlace } from './git-command.ts';
import type { GitObject } from './object-answers.ts';
import { openObjectReader, type ObjectReader } from './object-reader.ts';

/**
 * Readers of objects, one for each place, which go on running; disposing of them ends all. What is read afterwards, by who
 * is not waited for, starts a git that ends with the read: nobody else would end it, and it would keep the program alive.
 */
export interface ObjectReaders extends AsyncDisposable {
  /** As {@link ObjectReader.read}. */
  read(place: GitPlace, names: readonly string[], call: GitCall): Promise<readonly (GitObject | undefined)[]>;
}

/** What starts git for each part of a push again and again takes longer to start it than to read. */
export function openObjectReaders(): ObjectReaders {
  const readers = new Map<string, ObjectReader>();
  let isDisposed = false;
  return {
    async read(place, names, call) {
      if (isDisposed) {
        await using own = openObjectReader(place);
        return await own.read(names, call);
      }
      const { phase: _, ...where } = place;
      const key = JSON.stringify(where);
      const reader = readers.get(key) ?? openObjectReader(place);
      readers.set(key, reader);
      return await reader.read(names, call);
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const open = [...readers.values()];
      readers.clear();
      for (const reader of open) await reader[Symbol.asyncDispose]();
    },
  };
}

/** The object that a name means. Throws a `PreheatError` where the repository lacks it. */
export async function readObject(
  readers: ObjectReaders,
  place: GitPlace,
  name: string,
  call: GitCall,
): Promise<GitObject> {
  const [found] = await readers.read(place, [name], call);
  if (found !== undefined) return found;
  throw new PreheatError(`cannot ${call.purpose}: the clone lacks ${name}`, { phase: place.phase });
}

/** Readers for a while: those that are given, or else ones of its own, which end with it. */
export async function withReaders<T>(
  given: ObjectReaders | undefined,
  work: (readers: ObjectReaders) => Promise<T>,
): Promise<T> {
  if (given !== undefined) return await work(given);
  await using own = openObjectReaders();
  return await work(own);
}
