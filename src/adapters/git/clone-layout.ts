import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';

const PATHS = ['objects', 'shallow', 'modules', 'config'].flatMap((path) => ['--git-path', path]);

/** Where a clone keeps things, as `git rev-parse` tells it: object format, four paths and the folder that all share. */
export type CloneLayout = readonly string[];

/** The layouts that were asked for. */
const known = new Map<string, Promise<CloneLayout>>();

/**
 * Asks git how a clone is laid out; once for each place, since that stays as it is while a program runs, and starting
 * git for it takes as long as what is asked afterwards. What failed is asked again.
 */
export async function cloneLayout(place: GitPlace, { signal }: CallOptions): Promise<CloneLayout> {
  const { phase: _, ...where } = place;
  const key = JSON.stringify(where);
  // Who asked first may have had less time.
  const told = await known.get(key)?.catch(() => undefined);
  if (told !== undefined) return told;
  const asked = ask(place, { signal });
  known.set(key, asked);
  return await asked;
}

async function ask(place: GitPlace, { signal }: CallOptions): Promise<CloneLayout> {
  const args = ['rev-parse', '--show-object-format', ...PATHS, '--git-common-dir'];
  const purpose = `read the git repository in ${place.directory}`;
  return (await runGit(place, args, { signal, purpose })).toString('utf8').split('\n');
}
