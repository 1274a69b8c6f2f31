import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';

const PATHS = ['objects', 'shallow', 'modules', 'config'].flatMap((path) => ['--git-path', path]);

/**
 * Where a clone keeps things, as `git rev-parse` tells it: object format, four paths, the folder that all share, whether
 * the place is in its working tree, and the way up to the top of that, which is empty for a bare repository.
 */
export type CloneLayout = readonly string[];

/** The way from a place in a clone to the top of its working tree. */
export function wayUp(layout: CloneLayout): string {
  return layout[WAY_UP] ?? '';
}

/** Whether a place is in the working tree: it may be in a bare repository, or one whose working tree lies elsewhere. */
export function isInWorkTree(layout: CloneLayout): boolean {
  return layout[IS_IN_WORK_TREE] === 'true';
}

const IS_IN_WORK_TREE = 6;
const WAY_UP = 7;
const TREE = ['--is-inside-work-tree', '--show-cdup'];

/** A word to `git rev-parse` whose answer is no path and no ref, so that it parts answers of which there may be none. */
export const PART = '--is-bare-repository';

/** Whether a line answers {@link PART}. */
export function isPart(line: string): boolean {
  return line === 'true' || line === 'false';
}

/** The layouts that were asked for. */
const known = new Map<string, Promise<CloneLayout>>();

/**
 * Asks git how a clone is laid out; once for each place, since that stays as it is while a program runs, and starting
 * git for it takes as long as what is asked afterwards. What failed is asked again.
 */
export async function cloneLayout(place: GitPlace, { signal }: CallOptions): Promise<CloneLayout> {
  const key = keyOf(place);
  // Who asked first may have had less time.
  const told = await known.get(key)?.catch(() => undefined);
  if (told !== undefined) return told;
  const asked = ask(place, [], { signal }).then(({ layout }) => layout);
  known.set(key, asked);
  return await asked;
}

/** The layout of a clone, and the lines in which git answers to further words of `git rev-parse`, from one start of git. */
export interface LayoutAndMore {
  readonly layout: CloneLayout;
  readonly more: readonly string[];
}

/** As {@link cloneLayout}, asked anew, with what is asked beside it. */
export async function cloneLayoutAnd(
  place: GitPlace,
  words: readonly string[],
  { signal }: CallOptions,
): Promise<LayoutAndMore> {
  const asked = ask(place, words, { signal });
  const layout = asked.then((told) => told.layout);
  // Who asks for the layout asks again where this failed.
  layout.catch(() => undefined);
  known.set(keyOf(place), layout);
  return await asked;
}

function keyOf({ phase: _, ...where }: GitPlace): string {
  return JSON.stringify(where);
}

async function ask(
  place: GitPlace,
  words: readonly string[],
  { signal }: CallOptions,
): Promise<LayoutAndMore> {
  const args = ['rev-parse', '--show-object-format', ...PATHS, '--git-common-dir', ...TREE, PART, ...words];
  const purpose = `read a git repository in ${place.directory}`;
  const lines = (await runGit(place, args, { signal, purpose })).toString('utf8').split('\n');
  // A bare repository has no line for the way up; a path with a line end has more than one.
  const end = lines.findIndex((line, at) => at > IS_IN_WORK_TREE && isPart(line));
  if (end > WAY_UP + 1) throw oddPath(place);
  return { layout: lines.slice(0, end), more: lines.slice(end + 1, -1) };
}

function oddPath({ directory, phase }: GitPlace): PreheatError {
  return new PreheatError(
    `cannot read a git repository in ${JSON.stringify(directory)}: its path has a line end`,
    { phase, hint: 'Clone it into a folder with another name.' },
  );
}
