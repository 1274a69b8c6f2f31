import type { CallOptions } from '../../oci/content-store.ts';
import type { StepRecord } from '../step-record.ts';
import type { InputSources } from './input-sources.ts';
import { firstUnfit } from './transfer.ts';

/**
 * Why the layers of a record may not lie over the sources of this commit, in one line; `undefined` where they may. By the
 * whole-tree rule the content key covers the sources, so that a record that is found fits.
 */
export async function whyUnfit(
  { rule, layers, transfer }: StepRecord,
  sources: InputSources,
  options: CallOptions,
): Promise<string | undefined> {
  if (rule === 'whole-tree' || layers.length === 0) return undefined;
  if (transfer === undefined) return 'it does not say over which sources it may lie';
  if (transfer.kind === 'never') return transfer.why;
  const path = await firstUnfit(transfer, sources, options);
  if (path === undefined) return undefined;
  const name = Buffer.from(path, 'latin1').toString('utf8');
  return `its tasks changed ${name}, which was something else there`;
}
