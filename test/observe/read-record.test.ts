import assert from 'node:assert/strict';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { readRecord } from '../../src/observe/read-record.ts';
import type { StepRecord } from '../../src/observe/step-record.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { ImageConfig } from '../../src/oci/image-config.ts';
import { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { recordImage, stageRecord } from '../../src/publish/record-manifest.ts';
import { recordFor } from '../support/records.ts';
import { chunks, noise, openTestStaging, testSignal } from '../support/staged-image.ts';

const signal = testSignal();
const PLATFORM = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const KEYS = { staticKey: digestOf('static'), contentKey: digestOf('content') };
const COPIER = { copyBase: () => assert.fail(), copyStaged: () => assert.fail() };

/** A staging layout, read as a store, and a record of two layers that are in it. */
async function openPlace() {
  const opened = await openTestStaging();
  const { staging } = opened;
  const layers = [];
  for (const seed of [1, 2])
    layers.push(await staging.addLayer('task', chunks(noise(seed, 3_000)), { signal }));
  const record: StepRecord = { ...recordFor(KEYS, { kind: 'pull-request', id: 7 }), layers };
  return {
    staging,
    record,
    store: openLayoutStore({ kind: 'layout', directory: staging.directory }, COPIER),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

type Place = Awaited<ReturnType<typeof openPlace>>;

/** Stages a record's image with another label or another manifest. */
async function stageChanged(
  { staging, record }: Place,
  change: { readonly label?: string; readonly manifest?: (manifest: Manifest) => Manifest },
): Promise<void> {
  const image = recordImage(record, PLATFORM);
  const config = ImageConfig.parse(JSON.parse(Buffer.from(image.config).toString()));
  const label = change.label ?? config.config?.Labels?.[ANNOTATION.record] ?? '';
  const changed = { ...config, config: { Labels: { [ANNOTATION.record]: label } } };
  const descriptor = await staging.addBlob(MEDIA_TYPE.config, Buffer.from(JSON.stringify(changed)), {
    signal,
  });
  const manifest = {
    ...Manifest.parse(JSON.parse(Buffer.from(image.manifest).toString())),
    config: descriptor,
  };
  const bytes = Buffer.from(JSON.stringify(change.manifest?.(manifest) ?? manifest));
  await staging.addManifest('record', MEDIA_TYPE.manifest, bytes, { signal });
}

describe('records', () => {
  it('are read as they were written, from an ordinary image', async () => {
    await using place = await openPlace();
    await stageRecord('record', place.record, PLATFORM, place.staging, { signal });
    assert.deepEqual(await readRecord(place.store, 'record', { signal }), { record: place.record });
    const image = await place.store.readManifest('record', { signal });
    assert.ok(image);
    assert.deepEqual(
      image.manifest.layers.map(({ digest }) => digest),
      place.record.layers.map(({ digest }) => digest),
    );
    const bytes = await place.store.readBlob(image.manifest.config, { signal });
    const config = ImageConfig.parse(JSON.parse(Buffer.from(bytes ?? []).toString()));
    assert.deepEqual(
      config.rootfs.diff_ids,
      place.record.layers.map(({ diffId }) => diffId),
    );
    assert.deepEqual([config.os, config.architecture, config.variant], ['linux', 'arm64', 'v8']);
  });

  it('of schema 1 are read as well', async () => {
    await using place = await openPlace();
    const record: StepRecord = { ...place.record, schemaVersion: 1 };
    await stageRecord('record', record, PLATFORM, place.staging, { signal });
    assert.deepEqual(await readRecord(place.store, 'record', { signal }), { record });
  });

  it('tell what their inputs answered, and over which other sources their layers may lie', async () => {
    await using place = await openPlace();
    const [name, answers] = ['caf\xe9\n', [{ asked: 'src', kind: 'folder' as const, id: '1' }]];
    const transfer = { kind: 'where' as const, answers: [{ asked: name, kind: 'file' as const, id: '2' }] };
    const record: StepRecord = {
      ...place.record,
      commit: 'c'.repeat(40),
      rule: 'declared',
      answers,
      transfer,
    };
    await stageRecord('record', record, PLATFORM, place.staging, { signal });
    assert.deepEqual(await readRecord(place.store, 'record', { signal }), { record });
  });

  it('may have no layers', async () => {
    await using place = await openPlace();
    const record = { ...place.record, layers: [] };
    await stageRecord('record', record, PLATFORM, place.staging, { signal });
    assert.deepEqual(await readRecord(place.store, 'record', { signal }), { record });
  });

  it('give the same bytes for the same record', async () => {
    await using place = await openPlace();
    const reordered = Object.fromEntries(Object.entries(place.record).toReversed()) as unknown as StepRecord;
    assert.deepEqual(recordImage(reordered, PLATFORM), recordImage(place.record, PLATFORM));
  });

  it('that are not there are nothing', async () => {
    await using place = await openPlace();
    assert.deepEqual(await readRecord(place.store, 'record', { signal }), {});
  });

  it('are unusable when damaged, newer, foreign or at odds with their manifest', async () => {
    await using place = await openPlace();
    const newer = JSON.stringify({ ...place.record, schemaVersion: 3 });
    const cases: readonly (readonly [RegExp, Parameters<typeof stageChanged>[1]])[] = [
      [/damaged/, { label: '{"schemaVersion":1' }],
      [/damaged/, { label: JSON.stringify({ ...place.record, contentKey: 'x' }) }],
      [/newer preheat wrote it \(schema 3\)/, { label: newer }],
      [
        /other layers than its manifest/,
        { manifest: (manifest) => ({ ...manifest, layers: manifest.layers.slice(1) }) },
      ],
      [/other layers/, { manifest: (manifest) => ({ ...manifest, layers: manifest.layers.toReversed() }) }],
    ];
    for (const [reason, change] of cases) {
      await stageChanged(place, change);
      const found = await readRecord(place.store, 'record', { signal });
      assert.ok('unusable' in found && !('record' in found));
      assert.match(found.unusable ?? '', reason);
    }
  });

  it('are unusable when their config or a layer has gone', async () => {
    await using place = await openPlace();
    await stageRecord('record', place.record, PLATFORM, place.staging, { signal });
    const gone = place.record.layers[1]?.digest;
    const withoutLayer = {
      ...place.store,
      hasBlob: async ({ digest }: { digest: string }) => digest !== gone,
    };
    assert.deepEqual(await readRecord(withoutLayer, 'record', { signal }), {
      unusable: `its layer ${gone} has gone`,
    });
    const withoutConfig = { ...place.store, readBlob: async () => undefined };
    assert.deepEqual(await readRecord(withoutConfig, 'record', { signal }), {
      unusable: 'its config has gone',
    });
  });

  it('are no record but a failure when the registry does not answer', async () => {
    await using place = await openPlace();
    const failure = new PreheatError('cannot read', { phase: 'observe', code: 'unreachable' });
    const silent = { ...place.store, readManifest: () => Promise.reject(failure) };
    await assert.rejects(readRecord(silent, 'record', { signal }), failure);
  });

  it('that are too large to be read again are not written', () => {
    const entries = Array.from({ length: 60_000 }, (_, index) => `workspace/${'x'.repeat(80)}/${index}`);
    const record = {
      ...recordFor(KEYS, { kind: 'protected', branch: 'main' }),
      claims: { subtrees: [], entries },
    };
    assert.throws(() => recordImage(record, PLATFORM), /more than 4 MiB/);
  });
});
