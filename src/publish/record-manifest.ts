import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { StepRecord } from '../observe/step-record.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf } from '../oci/digest.ts';
import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';

/** The bytes of a record's image. */
export interface RecordImage {
  readonly config: Uint8Array;
  readonly manifest: Uint8Array;
}

/** Registries and clients read configs of at most 4 MiB; what is larger could be written but never read. */
const LARGEST_CONFIG = 4 * 1024 * 1024;

/**
 * Writes a step's record as an ordinary image (image-spec), so that every registry takes it and keeps its layers: the
 * record stands in the config's label `dev.preheat.record`. Pure; the same record gives the same bytes.
 * Throws `PreheatError` (publish) for a record that is too large to be read again.
 */
export function recordImage(record: StepRecord, { os, architecture, variant }: Platform): RecordImage {
  const config = bytesOf({
    os,
    architecture,
    variant,
    config: { Labels: { [ANNOTATION.record]: canonicalJson(record) } },
    rootfs: { type: 'layers', diff_ids: record.layers.map(({ diffId }) => diffId) },
  });
  if (config.byteLength > LARGEST_CONFIG) throw tooLarge(record, config.byteLength);
  const manifest = bytesOf({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: { mediaType: MEDIA_TYPE.config, digest: digestOf(config), size: config.byteLength },
    layers: record.layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  return { config, manifest };
}

/** Puts a record's image under `tag` into staging; its layers are there already. Throws as {@link recordImage}. */
export async function stageRecord(
  tag: string,
  record: StepRecord,
  platform: Platform,
  staging: Staging,
  options: CallOptions,
): Promise<Descriptor> {
  const { config, manifest } = recordImage(record, platform);
  await staging.addBlob(MEDIA_TYPE.config, config, options);
  return await staging.addManifest(tag, MEDIA_TYPE.manifest, manifest, options);
}

function bytesOf(value: Json): Uint8Array {
  return Buffer.from(canonicalJson(value));
}

function tooLarge(record: StepRecord, size: number): PreheatError {
  return new PreheatError(`cannot record ${record.step}: its record has ${size} bytes, more than 4 MiB`, {
    phase: 'publish',
  });
}
