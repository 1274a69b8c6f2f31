import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Location } from '../oci/location.ts';
import { defaultLocation } from './default-location.ts';
import type { Session } from './session.ts';

/** Where a run reads and writes on this machine, as absolute paths. */
export interface Folders {
  /** The git clone, or where it would be. */
  readonly clone: string;
  readonly state: string;
  /** Where workspace images are kept: what `--registry` names, else {@link defaultLocation}. */
  readonly location: Location;
}

/**
 * Settles the folders of a run from options and Pipelines' variables. The folder for the clone is its top even where
 * Pipelines made none (`clone: enabled: false`): a clone above it is not meant. Throws as {@link defaultLocation} does.
 */
export function foldersOf(session: Pick<Session, 'settings' | 'environment'>): Folders {
  const clone = cloneFolderOf(session);
  const state = resolve(session.settings.state ?? join(clone, '.preheat'));
  return { clone, state, location: locationOf(session, state) };
}

/** The absolute path of the git clone, or of where it would be. */
export function cloneFolderOf({ settings, environment }: Pick<Session, 'settings' | 'environment'>): string {
  const given = environment['BITBUCKET_CLONE_DIR'];
  const isPipelines = settings.repository === undefined && given;
  return isPipelines ? resolve(given) : topOf(resolve(settings.repository ?? '.'));
}

/** The top folder of the clone around a folder, so that it makes no difference where in it a command is given. */
function topOf(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return directory;
  }
}

function locationOf(session: Pick<Session, 'settings' | 'environment'>, state: string): Location {
  const location = session.settings.registry ?? defaultLocation(session, state);
  return location.kind === 'layout' ? { ...location, directory: resolve(location.directory) } : location;
}
