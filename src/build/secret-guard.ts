import { PreheatError } from '../kernel/failure.ts';
import { unpacked } from '../oci/gzip-unpacked.ts';
import type { Staging } from '../oci/staging.ts';
import { readTar, type ReadEntry } from '../oci/tar-reader.ts';
import { needlesOf, searchFor, type Needle } from './secret-search.ts';

/** How many paths of each secret a message names. */
const SHOWN = 3;

/** What a message says of layers that tasks made. */
const OF_TASKS = {
  doing: 'publish what the tasks left',
  hint: 'Keep it in the environment or below /tmp; where a file is needed, let it refer to the variable, as .npmrc can (${NAME}). A value that is no secret belongs into env: in .gitpod.yml.',
};

/** Watches what goes into layers for the secrets of tasks. */
export interface SecretGuard {
  /** Takes layers as the staging does that it stands before. */
  readonly staging: Staging;
  /**
   * Throws a `PreheatError` of phase `build` where a secret stands in a layer that was added, naming secrets and paths.
   * Its code is `task-failed`, since a task is what must be changed.
   */
  check(): void;
}

/**
 * Stands before a staging. Each tar is searched while it passes; only where something is found is the layer read again,
 * to tell the paths.
 */
export function guardSecrets(
  staging: Staging,
  secrets: Readonly<Record<string, string>>,
  told: { readonly doing: string; readonly hint: string } = OF_TASKS,
): SecretGuard {
  const needles = needlesOf(secrets);
  const holders = new Map<string, string[]>();
  return {
    staging: {
      directory: staging.directory,
      addBlob: (...blob) => staging.addBlob(...blob),
      addManifest: (...manifest) => staging.addManifest(...manifest),
      readLayer: (layer) => staging.readLayer(layer),
      async addLayer(role, tar, options) {
        const search = searchFor(needles);
        const layer = await staging.addLayer(role, watched(tar, search), options);
        if (search.found.size > 0)
          await noteHolders(holders, search.found, needles, staging.readLayer(layer));
        return layer;
      },
    },
    check() {
      if (holders.size > 0) throw secretsFound(holders, told);
    },
  };
}

async function* watched(
  tar: AsyncIterable<Uint8Array>,
  search: ReturnType<typeof searchFor>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of tar) {
    search.add(piece);
    yield piece;
  }
}

/** Notes the paths (raw) that hold each secret. */
async function noteHolders(
  holders: Map<string, string[]>,
  names: ReadonlySet<string>,
  needles: readonly Needle[],
  stored: AsyncIterable<Uint8Array>,
): Promise<void> {
  for (const name of names) holders.set(name, holders.get(name) ?? []);
  for await (const entry of readTar(unpacked(stored, 'gzip'))) {
    for (const name of await secretsIn(entry, needles)) holders.get(name)?.push(entry.path);
  }
}

async function secretsIn(entry: ReadEntry, needles: readonly Needle[]): Promise<ReadonlySet<string>> {
  const search = searchFor(needles);
  const texts = [entry.path, entry.target, ...entry.records.values()];
  for (const text of texts) search.add(Buffer.from(`${text}\0`, 'latin1'));
  for await (const piece of entry.content) search.add(piece);
  return search.found;
}

function secretsFound(
  holders: ReadonlyMap<string, readonly string[]>,
  { doing, hint }: { readonly doing: string; readonly hint: string },
): PreheatError {
  const told = [...holders].map(([name, paths]) => `${subjectOf(paths)} the secret ${name}`);
  return new PreheatError(`cannot ${doing}: ${told.join('; ')}`, {
    phase: 'build',
    code: 'task-failed',
    hint,
  });
}

function subjectOf(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).map((path) => `/${Buffer.from(path, 'latin1').toString('utf8')}`);
  const names = paths.length > SHOWN ? [...shown, `${paths.length - SHOWN} more`] : shown;
  const last = names.pop();
  if (last === undefined) return 'a file holds';
  return names.length === 0 ? `${last} holds` : `${names.join(', ')} and ${last} hold`;
}
