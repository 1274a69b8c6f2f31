import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { pastRunsIn, type PastRun } from '../oci/past-run.ts';

/**
 * The runs that led to an image, newest first, its own among them, as the report under `tag` remembers them. Reports alone
 * need it: what cannot be read is told and counts as none.
 */
export async function readHistory(
  tag: string,
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<readonly PastRun[]> {
  try {
    const found = await target.readManifest(tag, options);
    if (found === undefined) return [];
    return pastRunsIn(found.manifest);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.info(`cannot read ${tag}: ${messageOf(thrown)}; the report begins a new history`);
    return [];
  }
}
