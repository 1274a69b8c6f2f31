import * as z from 'zod';
import { PreheatError } from '../kernel/failure.ts';
import { parseJson } from '../kernel/parse-json.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore, StoredManifest } from '../oci/content-store.ts';
import { ImageConfig } from '../oci/image-config.ts';
import type { Manifest } from '../oci/manifest.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import { StepRecord } from './step-record.ts';

/** What lay under a record's tag: a record, something that cannot be used (and why), or nothing. */
export type FoundRecord =
  | { readonly record: StepRecord }
  | { readonly unusable: string }
  | { readonly record?: undefined; readonly unusable?: undefined };

const AnySchema = z.looseObject({ schemaVersion: z.number().int() });
const NEWEST_SCHEMA = 2;

/**
 * Reads the record under `tag` and checks it against its own manifest, and each layer for existence: a record
 * whose layers have gone would fail the build that reuses it. Throws `PreheatError` only for what a
 * second try could change (a store that cannot be reached or refuses).
 */
export async function readRecord(
  store: ContentStore,
  tag: string,
  options: CallOptions,
): Promise<FoundRecord> {
  try {
    const found = await store.readManifest(tag, options);
    if (found === undefined) return {};
    const record = await parseRecord(found, store, options);
    const gone = await findMissingBlob(record.layers, store, options);
    return gone === undefined ? { record } : { unusable: `its layer ${gone} has gone` };
  } catch (thrown) {
    if (thrown instanceof Unusable) return { unusable: thrown.message };
    if (thrown instanceof PreheatError && thrown.code === 'corrupt') return { unusable: thrown.message };
    throw thrown;
  }
}

/** Why something under a record's tag is no usable record. */
class Unusable extends Error {
  override readonly name = 'Unusable';
}

async function parseRecord(
  { manifest }: StoredManifest,
  store: ContentStore,
  options: CallOptions,
): Promise<StepRecord> {
  const bytes = await store.readBlob(manifest.config, options);
  if (bytes === undefined) throw new Unusable('its config has gone');
  const config = ImageConfig.safeParse(parseJson(Buffer.from(bytes).toString('utf8')));
  if (!config.success) throw new Unusable('its config is no image config');
  const label = config.data.config?.Labels?.[ANNOTATION.record];
  if (label === undefined) throw new Unusable('it is no record of preheat');
  const record = parseLabel(label);
  if (!layersAgree(record, manifest, config.data))
    throw new Unusable('it names other layers than its manifest');
  return record;
}

function parseLabel(label: string): StepRecord {
  const content = parseJson(label);
  const record = StepRecord.safeParse(content);
  if (record.success) return record.data;
  const schema = AnySchema.safeParse(content);
  const isNewer = schema.success && schema.data.schemaVersion > NEWEST_SCHEMA;
  throw new Unusable(
    isNewer ? `a newer preheat wrote it (schema ${schema.data.schemaVersion})` : 'it is damaged',
  );
}

function layersAgree({ layers }: StepRecord, manifest: Manifest, { rootfs }: ImageConfig): boolean {
  return (
    layers.length === manifest.layers.length &&
    layers.length === rootfs.diff_ids.length &&
    layers.every(({ digest, size, diffId }, position) => {
      const blob = manifest.layers[position];
      return blob?.digest === digest && blob.size === size && rootfs.diff_ids[position] === diffId;
    })
  );
}
