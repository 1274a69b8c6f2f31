import { PreheatError } from '../kernel/failure.ts';
import { parseJson } from '../kernel/parse-json.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore, StoredManifest } from '../oci/content-store.ts';
import { ImageConfig } from '../oci/image-config.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import { KeyframeText, type Keyframe } from './keyframe.ts';

/** What lay under a keyframe's tag: the keyframe, or why it cannot be used, in one line. */
export type FoundKeyframe = { readonly keyframe: Keyframe } | { readonly unusable: string };

/**
 * Reads the keyframe under `tag` and checks it against its own manifest, and its layer for existence. Throws
 * `PreheatError` only for what a second try could change (a store that cannot be reached or refuses).
 */
export async function readKeyframe(
  store: ContentStore,
  tag: string,
  options: CallOptions,
): Promise<FoundKeyframe> {
  try {
    const found = await store.readManifest(tag, options);
    return found === undefined ? { unusable: 'it has gone' } : await checkKeyframe(found, store, options);
  } catch (thrown) {
    if (thrown instanceof PreheatError && thrown.code === 'corrupt') return { unusable: thrown.message };
    throw thrown;
  }
}

async function checkKeyframe(
  { manifest: { config, layers } }: StoredManifest,
  store: ContentStore,
  options: CallOptions,
): Promise<FoundKeyframe> {
  const bytes = await store.readBlob(config, options);
  if (bytes === undefined) return { unusable: 'its config has gone' };
  const image = ImageConfig.safeParse(parseJson(Buffer.from(bytes).toString('utf8')));
  const keyframe = KeyframeText.safeParse(image.data?.config?.Labels?.[ANNOTATION.keyframe]);
  if (!keyframe.success) return { unusable: 'it holds no keyframe that this version reads' };
  const { digest, size } = keyframe.data.layer;
  if (layers.length !== 1 || layers[0]?.digest !== digest || layers[0].size !== size)
    return { unusable: 'it names another layer than its manifest' };
  const gone = await findMissingBlob(layers, store, options);
  return gone === undefined ? { keyframe: keyframe.data } : { unusable: `its layer ${gone} has gone` };
}
