import { readBaseContent, refuseUnfitBase, type BaseContent } from '../observe/base-content.ts';
import type { BaseFacts } from '../observe/facts.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import { parseReference } from '../oci/reference.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import { importedBaseTag } from '../oci/tags.ts';
import { importBase } from '../publish/import-base.ts';
import type { BaseOrigin } from '../publish/publish.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** A base image's manifest and config, and from where its blobs reach the target. */
export interface ProvidedBase {
  readonly content: BaseContent;
  readonly origin: BaseOrigin;
}

/**
 * Reads what an image is put together from. A base of a registry or of the target gives manifest and config, no layer;
 * one that only the engine has is exported once and kept in the target from then on.
 */
export async function provideBase(
  base: BaseFacts,
  staging: Staging,
  { openStore, target, exporter }: Ports,
  { log, signal }: Session,
  platform: Platform,
): Promise<ProvidedBase> {
  const options = { signal, platform };
  if (base.source === 'registry') {
    const store = openStore(parseReference(base.reference));
    const content = await readBaseContent(base, store, base.digest, options);
    const { reference, digest } = base;
    const { layers } = content.manifest;
    return { content, origin: { kind: 'registry', reference, digest, platform, layers } };
  }
  if (base.source === 'target') {
    return {
      content: await readBaseContent(base, target, base.digest, options),
      origin: { kind: 'present' },
    };
  }
  const tag = importedBaseTag(base.digest);
  if (await isWhole(tag, target, options)) {
    return { content: await readBaseContent(base, target, tag, options), origin: { kind: 'present' } };
  }
  return log.step('import base', async (step) => {
    step.progress(`exporting ${base.reference} from the engine`);
    const archive = exporter.export(base.digest, { signal });
    const { manifest, config } = await importBase(archive, staging, { signal, imageId: base.digest });
    refuseUnfitBase(base, { manifest, config }, platform);
    step.conclude(`${base.reference} comes from this machine's engine; kept as ${tag.slice(0, 17)}`);
    return { content: { manifest, config }, origin: { kind: 'staged', tag } };
  });
}

/** What lost a blob is exported again: only so can it become whole. */
async function isWhole(
  tag: string,
  target: ContentStore,
  options: CallOptions & { readonly platform: Platform },
): Promise<boolean> {
  const found = await target.readManifest(tag, options);
  if (found === undefined) return false;
  const { config, layers } = found.manifest;
  return (await findMissingBlob([config, ...layers], target, options)) === undefined;
}
