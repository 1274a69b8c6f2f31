import type { CallOptions } from '../../oci/content-store.ts';
import { isSameJson } from '../../kernel/canonical-json.ts';
import { DecidingAnswer, type InputAnswer } from '../input-answer.ts';
import type { Claims, Transfer } from '../step-record.ts';
import { describeFound } from './describe-found.ts';
import { foundAt, type FoundInput } from './found-input.ts';
import type { InputSources } from './input-sources.ts';
import { treePaths, type TreePaths } from './tree-paths.ts';

/** A path of the sources that a patch layer touches, without a leading slash, raw bytes as latin1 text. */
export interface PatchedPath {
  readonly path: string;
  /** Whether all that lies below it counts too, and not only which names there are. */
  readonly below: boolean;
}

/** What a step did to its sources and to the folder of the checkout. */
export interface StepTracks {
  readonly patched: readonly PatchedPath[];
  readonly claims: Claims;
  /** Absolute folder of the checkout. */
  readonly checkoutLocation: string;
}

/** Whoever changes more of the sources makes them, and is run again rather than recorded at length. */
const MOST_PATCHED = 2_000;

/** What of `.git` says nothing of a commit, so that what tasks put there may lie beside another one's objects. */
const FREE_OF_COMMITS = ['hooks/', 'info/'];

/**
 * Says over which other sources the layers of a step may lie: the paths that its patch touches must answer there as they
 * do at the commit that it ran on, for its patch holds what the tasks made of those.
 */
export async function transferOf(
  { patched, claims, checkoutLocation }: StepTracks,
  sources: InputSources,
  options: CallOptions,
): Promise<Transfer> {
  const top = Buffer.from(checkoutLocation.replaceAll(/^\/+|\/+$/g, '')).toString('latin1');
  const own = gitClaim(claims, `${top}/.git/`);
  if (own !== undefined) return { kind: 'never', why: `a task made ${own}` };
  if (patched.length > MOST_PATCHED) {
    return { kind: 'never', why: `its tasks changed ${patched.length} paths of the sources` };
  }
  const questions = patched.map(({ path, below }) => ({ asked: askedFor(path, top), below }));
  return { kind: 'where', answers: [...(await answerExactly(questions, sources, options))] };
}

/** The first path that answers otherwise at a commit than a transfer demands; `undefined` where all answer the same. */
export async function firstUnfit(
  { answers }: Extract<Transfer, { readonly kind: 'where' }>,
  sources: InputSources,
  options: CallOptions,
): Promise<string | undefined> {
  const questions = answers.map(({ asked, kind, id }) => ({
    asked,
    below: kind !== 'names' && id !== undefined,
  }));
  const here = new Map((await answerExactly(questions, sources, options)).map((one) => [one.asked, one]));
  return answers.find((answer) => {
    const found = here.get(answer.asked);
    return found === undefined || !isSameJson(DecidingAnswer.parse(answer), DecidingAnswer.parse(found));
  })?.asked;
}

function gitClaim({ subtrees, entries }: Claims, gitFolder: string): string | undefined {
  return [...subtrees, ...entries].find(
    (path) =>
      path.startsWith(gitFolder) &&
      !FREE_OF_COMMITS.some((free) => path.slice(gitFolder.length).startsWith(free)),
  );
}

/** Below the root of the repository; what lies elsewhere in the image begins with a slash. */
function askedFor(path: string, top: string): string {
  if (path === top) return '.';
  return path.startsWith(`${top}/`) ? path.slice(top.length + 1) : `/${path}`;
}

interface ExactQuestion {
  readonly asked: string;
  readonly below: boolean;
}

/** As {@link answerInputs}, for paths of an image: patterns and links mean nothing there. */
async function answerExactly(
  questions: readonly ExactQuestion[],
  sources: InputSources,
  options: CallOptions,
): Promise<readonly InputAnswer[]> {
  if (questions.length === 0) return [];
  const paths = treePaths(await sources.tree.listAll(sources.commit.id, options));
  const found = questions.map((question) => findExactly(question, paths, sources));
  return await describeFound(found, paths, sources, options);
}

function findExactly({ asked, below }: ExactQuestion, paths: TreePaths, { laid }: InputSources): FoundInput {
  if (asked.startsWith('/')) return { asked, kind: 'outside', ...(below && { id: laid.own }) };
  if (asked === '.git/config') return { asked, kind: 'git', id: laid.gitConfig };
  if (asked === '.git' || asked.startsWith('.git/')) return { asked, kind: 'git', id: laid.git };
  const found = foundAt(asked, paths.at(asked === '.' ? '' : asked), paths);
  return found.kind === 'folder' && !below ? { ...found, kind: 'names' } : found;
}
