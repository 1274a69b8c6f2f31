import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';

/** The tags of a repository at one moment, so that those that it lacks need not be asked for one by one. */
export interface KnownTags {
  /** Absent where they could not be listed. */
  readonly all?: readonly string[];
  /** Whether a tag may be there. */
  readonly mayHave: (tag: string) => boolean;
}

/**
 * Lists the tags of the target. Where that fails nothing is known, with one line. Only a refusal ends the run, since
 * publishing would meet it too.
 */
export async function listKnownTags(
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<KnownTags> {
  try {
    const all = await target.listTags(options);
    const known = new Set(all);
    return { all, mayHave: (tag) => known.has(tag) };
  } catch (thrown) {
    const refused = thrown instanceof PreheatError && ['unauthorized', 'unreachable'].includes(thrown.code);
    if (refused || options.signal.aborted) throw thrown;
    log.warn(`cannot list the tags: ${messageOf(thrown)}; each is asked for, and the sources are laid whole`);
    return { mayHave: () => true };
  }
}
