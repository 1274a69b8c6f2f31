import type { Clock } from '../kernel/clock.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Forge } from './forge.ts';

/** A step of Pipelines ends after two hours unless it says otherwise; no run of one goes on for longer. */
const LONGEST_RUN_MS = 2 * 60 * 60 * 1000;

/**
 * Ends the status that a killed run left at `INPROGRESS` on an earlier commit, where it can block a merge. One that is not
 * older than the longest run may belong to a run that goes on, and stays.
 */
export async function endLeftBehind(
  { commit, key }: { readonly commit: string; readonly key: string },
  forge: Pick<Forge, 'findStatus' | 'setStatus'>,
  clock: Clock,
  options: CallOptions,
): Promise<void> {
  const found = await forge.findStatus(commit, key, options);
  if (found?.state !== 'INPROGRESS' || found.updatedAt === undefined) return;
  if (clock.now().getTime() - found.updatedAt < LONGEST_RUN_MS) return;
  const { updatedAt: _, ...status } = found;
  const description = 'Not warm: the run was killed before it could tell how it ended';
  await forge.setStatus({ ...status, state: 'STOPPED', description }, options);
}
