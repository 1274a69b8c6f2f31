import * as z from 'zod';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import { ImageConfig } from '../../oci/image-config.ts';
import type { Platform } from '../../oci/platform.ts';
import { parseReference, type Reference } from '../../oci/reference.ts';
import type { BaseFacts } from '../facts.ts';

/** Asks an engine for what it runs in each build upon an image. Failures throw a `PreheatError` of phase `observe`. */
export interface EngineTriggers {
  /** The `ONBUILD` triggers of the image with this ID; none for one that is not there. */
  triggersOf(imageId: string, options: CallOptions): Promise<readonly string[]>;
}

/** `ONBUILD` triggers are Docker's own: the OCI image-spec has no such field, and its tools keep it. */
const Triggers = z.object({ OnBuild: z.array(z.string()).nullish() });

/** Reads the `ONBUILD` triggers of a pinned image from whoever has it; of a registry's image no layer is read. */
export async function readImageTriggers(
  image: BaseFacts,
  sources: {
    readonly openStore: (reference: Reference) => ContentStore;
    readonly engine: EngineTriggers;
  },
  options: CallOptions & { readonly platform: Platform },
): Promise<readonly string[]> {
  if (image.source === 'engine') return await sources.engine.triggersOf(image.digest, options);
  const store = sources.openStore(parseReference(image.reference));
  const found = await store.readManifest(image.digest, options);
  const bytes = found && (await store.readBlob(found.manifest.config, options));
  if (bytes === undefined) {
    throw new PreheatError(`cannot read image ${image.reference}: ${image.digest} has gone`, {
      phase: 'observe',
      code: 'not-found',
      hint: 'Run the build again; with --base-refresh always where the default branch has pinned it.',
    });
  }
  const { config } = ImageConfig.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return Triggers.parse(config ?? {}).OnBuild ?? [];
}
