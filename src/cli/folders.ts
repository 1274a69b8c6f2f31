import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Location } from '../oci/location.ts';
import type { Session } from './session.ts';

/** Where a run reads and writes on this machine, as absolute paths. */
export interface Folders {
  /** The git clone. */
  readonly clone: string;
  readonly state: string;
  /** Where workspace images are kept; an OCI layout in the state folder unless `--registry` says otherwise. */
  readonly location: Location;
}

/** Settles the folders of a run from options and Pipelines' variables. */
export function foldersOf({ settings, environment }: Pick<Session, 'settings' | 'environment'>): Folders {
  const clone = topOf(resolve(settings.repository ?? (environment['BITBUCKET_CLONE_DIR'] || '.')));
  const state = resolve(settings.state ?? join(clone, '.preheat'));
  return { clone, state, location: locationOf(settings.registry, state) };
}

/** The top folder of the clone around a folder, so that it makes no difference where in it a command is given. */
function topOf(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return directory;
  }
}

function locationOf(registry: Location | undefined, state: string): Location {
  if (registry === undefined) return { kind: 'layout', directory: join(state, 'images') };
  return registry.kind === 'layout' ? { ...registry, directory: resolve(registry.directory) } : registry;
}
