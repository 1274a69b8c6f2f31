import type { PushedRef } from '../../event/push-event.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { endsEarly } from './clone-history.ts';
import { openClone, type Clone } from './clone.ts';
import { findCommit } from './find-commit.ts';
import { PROMISED } from './missing-objects.ts';
import type { FetchFromOrigin } from './origin.ts';

/** Which commit is to be had, with how much history. */
export interface WantedHistory {
  /** 7 to 40 digits. */
  readonly commit: string;
  /** Where it was pushed to. */
  readonly ref: PushedRef;
  readonly historyDepth: number;
  /** Whether contents are left out, to be fetched by their ids. */
  readonly isPartial: boolean;
  /** Whether what is fetched joins a whole history; else so much of it is fetched as is asked for. */
  readonly isWhole: boolean;
  /** Whether a commit is not enough whose history ends earlier than was asked for. */
  readonly deepens: boolean;
}

/** How far a fetch got. */
export interface ReachedCommit {
  /** What has it. */
  readonly overlay: Clone;
  /** Full id; absent where the origin does not have it, or too far behind. */
  readonly commit?: string;
  /** Whether its history ends earlier than was asked for, though more is asked for. */
  readonly isEarly: boolean;
}

/** How many times the depth behind a branch's tip a commit is looked for: after some pushes, many, very many. */
const FURTHER = [1, 8, 64];

/**
 * Fetches a commit and its history into an overlay that lacks them, as a look `before` has shown: by its id where that is known and the origin gives
 * commits so, else with what it was pushed to, deeper until it is found, else with all branches (it may have been merged,
 * and its branch deleted). What the origin does not give is told by the answer; that it can't be asked is thrown.
 */
export async function reachCommit(
  before: ReachedCommit,
  wanted: WantedHistory,
  fetch: FetchFromOrigin,
  { signal }: CallOptions,
): Promise<ReachedCommit> {
  const ask = async (refspec: string, depth: number): Promise<boolean> =>
    await fetch(argsOf(wanted, refspec, depth), {
      signal,
      what: `commit ${wanted.commit.slice(0, 12)}`,
      settings: wanted.isPartial ? PROMISED : [],
    });
  const look = async (): Promise<ReachedCommit> => await lookFor(before.overlay, wanted, { signal });
  let givesIds = true;
  const askById = async (reached: ReachedCommit): Promise<ReachedCommit> => {
    const id = reached.commit ?? (wanted.commit.length >= 40 ? wanted.commit : undefined);
    if (isThere(reached) || id === undefined || !givesIds) return reached;
    givesIds = await ask(id, wanted.historyDepth);
    return givesIds ? await look() : reached;
  };
  let reached = await askById(before);
  for (const refspec of refspecsOf(wanted.ref)) {
    for (const factor of wanted.isWhole ? [1] : FURTHER) {
      if (isThere(reached)) return reached;
      if (!(await ask(refspec, wanted.historyDepth * factor))) break;
      reached = await askById(await look());
      if (reached.overlay.ends.size === 0) break;
    }
  }
  return reached;
}

/** What an overlay has of a commit now. */
export async function lookFor(
  { place }: Clone,
  { commit: id, historyDepth, deepens }: WantedHistory,
  { signal }: CallOptions,
): Promise<ReachedCommit> {
  const [overlay, commit] = await Promise.all([
    openClone(place, { signal }),
    findCommit(place, id, { signal }),
  ]);
  if (commit === undefined) return { overlay, isEarly: false };
  const isEarly = deepens && (await endsEarly(overlay, { commit, historyDepth }, { signal }));
  return { overlay, commit, isEarly };
}

function isThere({ commit, isEarly }: ReachedCommit): boolean {
  return commit !== undefined && !isEarly;
}

function argsOf({ isPartial, isWhole }: WantedHistory, refspec: string, depth: number): readonly string[] {
  // Said either way: the settings of a partial clone of one's own have a filter that would hold else.
  const filter = isPartial ? ['--filter=blob:none'] : ['--no-filter'];
  return [...filter, ...(isWhole ? [] : [`--depth=${depth}`]), '--end-of-options', 'origin', refspec];
}

function refspecsOf(ref: PushedRef): readonly string[] {
  const all = '+refs/heads/*:refs/preheat/heads/*';
  if (ref.kind === 'detached') return [all];
  const name = `${ref.kind === 'branch' ? 'heads' : 'tags'}/${ref.name}`;
  return [`+refs/${name}:refs/preheat/${name}`, all];
}
