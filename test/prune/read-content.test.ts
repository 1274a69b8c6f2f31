import assert from 'node:assert/strict';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { readTag } from '../../src/oci/known-tag.ts';
import { MEDIA_TYPE, REPORT_ARTIFACT } from '../../src/oci/media-types.ts';
import type { Manifest } from '../../src/oci/manifest.ts';
import {
  basePinsTag,
  builtBaseTag,
  downloadCacheTag,
  importedBaseTag,
  keyframeTag,
  recordTag,
  reportTag,
  stepHintTag,
} from '../../src/oci/tags.ts';
import { readContent } from '../../src/prune/read-content.ts';
import { AMD, commitId, keyOf, shortKey } from './random-stock.ts';

const MAIN = { kind: 'protected', branch: 'main' } as const;
const TIME = '2026-01-02T03:04:05.000Z';

async function contentOf(tag: string, changes: Partial<Manifest> = {}, config?: unknown) {
  const known = readTag(tag);
  assert.ok(known, tag);
  const manifest: Manifest = {
    schemaVersion: 2,
    config: { mediaType: MEDIA_TYPE.config, digest: digestOf('config'), size: 1 },
    layers: [],
    ...changes,
  };
  return await readContent(known, manifest, async () =>
    config === undefined ? undefined : JSON.stringify(config),
  );
}

const label = (name: string, text: string) => ({ config: { Labels: { [name]: text } } });
const FOREIGN = { kind: 'foreign', members: [] };

describe('readContent', () => {
  it('takes nobody else’s image for one of ours, whatever its tag', async () => {
    const commit = commitId(1);
    for (const tag of ['pr-7', 'branch-main', `commit-protected.main-${commit}`])
      assert.deepEqual(await contentOf(tag), FOREIGN);
    const annotations = {
      [ANNOTATION.imageKey]: keyOf(1),
      [ANNOTATION.revision]: commit,
      [ANNOTATION.stepKey]: keyOf(2),
    };
    assert.partialDeepStrictEqual(await contentOf('pr-7', { annotations }), {
      kind: 'image',
      commit,
      stepKey: shortKey(2),
    });
  });

  it('takes the time of a report from the run of its own commit', async () => {
    const tag = reportTag(MAIN, commitId(1), AMD);
    const run = { ref: 'main', durationMs: 1, steps: [], imageBytes: 1, uploadedBytes: 1 };
    const runs = [
      { ...run, commit: commitId(1), finishedAt: TIME },
      { ...run, commit: commitId(2), finishedAt: '2026-05-01T00:00:00.000Z' },
    ];
    const annotations = { [ANNOTATION.pastRuns]: JSON.stringify({ schemaVersion: 1, runs }) };
    const report = { annotations, artifactType: REPORT_ARTIFACT };
    assert.deepEqual(await contentOf(tag, report), { kind: 'report', finishedAt: Date.parse(TIME) });
    assert.deepEqual(await contentOf(tag, { annotations }), FOREIGN);
    assert.deepEqual(await contentOf(tag, { artifactType: REPORT_ARTIFACT }), {
      kind: 'report',
      finishedAt: undefined,
    });
  });

  it('reads of records no more than it needs, so that those of other versions count too', async () => {
    const tag = recordTag(MAIN, keyOf(1));
    const of = (record: unknown) => contentOf(tag, {}, label(ANNOTATION.record, JSON.stringify(record)));
    const record = { schemaVersion: 99, contentKey: keyOf(1), recordedAt: TIME };
    assert.deepEqual(await of(record), { kind: 'record', recordedAt: Date.parse(TIME) });
    for (const odd of [{ ...record, contentKey: keyOf(2) }, { ...record, recordedAt: 'yesterday' }, 'text'])
      assert.deepEqual(await of(odd), FOREIGN);
    assert.deepEqual(await contentOf(tag), FOREIGN, 'without a config');
  });

  it('knows keyframes, bases, pins, caches and hints by what marks them', async () => {
    const keyframe = keyframeTag(MAIN, 1, commitId(1));
    assert.deepEqual(await contentOf(keyframe, {}, label(ANNOTATION.keyframe, 'x')), { kind: 'keyframe' });
    assert.deepEqual(await contentOf(keyframe, {}, {}), FOREIGN);
    const base = builtBaseTag(MAIN, keyOf(1));
    const built = { annotations: { [ANNOTATION.baseKey]: keyOf(1) } };
    assert.deepEqual(await contentOf(base, built, { created: TIME }), {
      kind: 'base',
      madeAt: Date.parse(TIME),
    });
    assert.deepEqual(await contentOf(base, built, {}), { kind: 'base', madeAt: undefined });
    assert.deepEqual(await contentOf(base, {}, { created: TIME }), FOREIGN);
    assert.equal((await contentOf(importedBaseTag(keyOf(1)), {}, { created: TIME })).kind, 'base');
    const pins = JSON.stringify({ schemaVersion: 1, pins: { a: { digest: keyOf(3), pinnedAt: TIME } } });
    const pinned = { annotations: { [ANNOTATION.basePins]: pins } };
    assert.deepEqual(await contentOf(basePinsTag('main', AMD), pinned), {
      kind: 'pins',
      digests: [keyOf(3)],
    });
    const cached = { annotations: { [ANNOTATION.downloadCache]: '{}' } };
    assert.deepEqual(await contentOf(downloadCacheTag(MAIN, AMD), cached), { kind: 'cache' });
    for (const tag of [basePinsTag('main', AMD), downloadCacheTag(MAIN, AMD), stepHintTag(MAIN, keyOf(1))])
      assert.deepEqual(await contentOf(tag, { annotations: { other: 'x' } }), FOREIGN);
  });
});
