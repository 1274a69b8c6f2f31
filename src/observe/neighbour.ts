import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';

/** The newest image of a branch, as somebody who works on it has it. */
export interface Neighbour {
  readonly branch: string;
  /** Digest of its manifest. */
  readonly digest: string;
  /** Of which commit it is; absent where its manifest does not say. */
  readonly commit?: string;
  /** Bottom to top. */
  readonly layers: readonly Pick<Descriptor, 'digest' | 'size'>[];
}

/**
 * Reads the image to which the hint `tag` of a branch points. Reports alone need it: what cannot be read is told and
 * counts as none.
 */
export async function readNeighbour(
  branch: string,
  tag: string,
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<Neighbour | undefined> {
  try {
    const found = await target.readManifest(tag, options);
    if (found === undefined) return undefined;
    const { descriptor, manifest } = found;
    const commit = manifest.annotations?.[ANNOTATION.revision];
    return {
      branch,
      digest: descriptor.digest,
      ...(commit !== undefined && { commit }),
      layers: manifest.layers.map(({ digest, size }) => ({ digest, size })),
    };
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.info(`cannot read ${tag}: ${messageOf(thrown)}; the report tells no price`);
    return undefined;
  }
}
