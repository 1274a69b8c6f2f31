import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Uploader } from './uploader.ts';

/** An image that is to be the newest of a branch or pull request. */
export interface HintMove {
  readonly digest: Digest;
  /** The commit that it is of. */
  readonly commit: string;
  /** `branch-…`, `pr-…`. */
  readonly tags: readonly string[];
  /** Whether the clone knows one commit as an ancestor of another. */
  readonly isAncestor: (ancestor: string, descendant: string) => Promise<boolean>;
}

/**
 * Moves hints to an image and returns those that now mean it. A hint that already means a descendant stays, so that a
 * run of an old pipeline does not turn it back; registries have no compare-and-swap, so two runs that end at the same
 * moment may still leave the older image there. What goes wrong is one warning: a hint is never the truth.
 */
export async function moveHints(
  move: HintMove,
  { target, log }: { readonly target: ContentStore & Uploader; readonly log: Log },
  options: CallOptions,
): Promise<readonly string[]> {
  const reached: string[] = [];
  for (const tag of move.tags) {
    try {
      if (await moveHint(tag, move, target, options)) reached.push(tag);
      else log.info(`${tag} stays on a newer commit`);
    } catch (thrown) {
      options.signal.throwIfAborted();
      log.warn(`cannot move ${tag}: ${messageOf(thrown)}`);
    }
  }
  return reached;
}

async function moveHint(
  tag: string,
  { digest, commit, isAncestor }: HintMove,
  target: ContentStore & Uploader,
  options: CallOptions,
): Promise<boolean> {
  const found = await target.readManifest(tag, options);
  if (found?.descriptor.digest === digest) return true;
  const newest = found?.manifest.annotations?.[ANNOTATION.revision];
  if (newest !== undefined && newest !== commit && (await isAncestor(commit, newest))) return false;
  await target.tag(digest, [tag], options);
  return true;
}
