import assert from 'node:assert/strict';
import { mkdtempDisposable, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobPath } from '../../src/adapters/layout/layout-files.ts';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { createLayoutCopier } from '../../src/adapters/oras/layout-copier.ts';
import { openRegistryStore } from '../../src/adapters/oras/registry-store.ts';
import { answerQuestions } from '../../src/observe/answer-questions.ts';
import type { StepRecord } from '../../src/observe/step-record.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { decide, NOTHING_DONE } from '../../src/plan/decide.ts';
import { plan } from '../../src/plan/plan.ts';
import { recordQuestions } from '../../src/plan/questions.ts';
import { publish } from '../../src/publish/publish.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { testOras } from '../support/oras.ts';
import { FACTS, factsWith, INPUTS, recordFor } from '../support/records.ts';
import { startRegistry } from '../support/registry.ts';
import { silentLog } from '../support/silent-log.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../support/staged-image.ts';

interface Place extends AsyncDisposable {
  readonly target: ContentStore & Uploader;
  /** Takes a blob away behind the store's back. */
  remove(digest: Digest): Promise<void>;
}

async function openLayout(): Promise<Place> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-dangling-'));
  const directory = join(folder.path, 'images');
  return {
    target: openLayoutStore({ kind: 'layout', directory }, createLayoutCopier(testOras())),
    remove: (digest) => rm(blobPath(directory, digest)),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

async function openRegistry(): Promise<Place> {
  const registry = await startRegistry();
  return {
    target: openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'team/app' },
      testOras(),
    ),
    async remove(digest) {
      const url = `http://${registry.host}/v2/team/app/blobs/${digest}`;
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 202);
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

const signal = testSignal();
const QUESTIONS = recordQuestions(INPUTS, FACTS);
const PLAN = plan(INPUTS, FACTS);
const [STEP] = PLAN.steps;
assert.ok(STEP !== undefined);

/** Publishes an image of one layer, which its step's record names too. */
async function publishTo({ target }: Place, imageKey: Digest, seed: number): Promise<StepRecord> {
  await using staged = await openTestStaging();
  const { staging } = staged;
  const annotations = { [ANNOTATION.imageKey]: imageKey };
  const { descriptor, layers } = await stageImage(staging, PLAN.commitTag, [noise(seed, 20_000)], {
    annotations,
  });
  assert.ok(STEP !== undefined);
  const { staticKey, contentKey } = STEP;
  const record = { ...recordFor({ staticKey, contentKey }, PLAN.scope), layers: [...layers] };
  const { log, lines } = silentLog();
  const request = {
    base: { kind: 'present' } as const,
    commitTag: PLAN.commitTag,
    manifest: descriptor,
    imageKey,
    platform: FACTS.platform,
    record: { tag: STEP.recordTag, record },
    hints: { commit: 'c'.repeat(40), tags: [], isAncestor: async () => false },
  };
  const { outcome } = await publish(request, { staging, target, log }, { signal });
  assert.equal(outcome, 'published');
  assert.deepEqual(lines, []);
  return record;
}

async function nextAction({ target }: Place) {
  const { log, lines } = silentLog();
  const answers = await answerQuestions(
    QUESTIONS,
    { target, log, whyUnfit: async () => undefined },
    { signal },
  );
  return { action: decide(plan(INPUTS, factsWith(...answers)), NOTHING_DONE), lines };
}

for (const [name, open] of [
  ['a layout', openLayout],
  ['a registry', openRegistry],
] as const) {
  describe(`in ${name}`, () => {
    it('a record whose layer has gone is a miss before anything is put together, and is replaced', async () => {
      await using place = await open();
      const other = PLAN.steps[0]?.staticKey;
      assert.ok(other !== undefined);
      const record = await publishTo(place, other, 1);
      const warm = await nextAction(place);
      assert.partialDeepStrictEqual(warm.action, { kind: 'reuse', record });
      const [layer] = record.layers;
      assert.ok(layer !== undefined);
      await place.remove(layer.digest);
      const cold = await nextAction(place);
      assert.equal(cold.action.kind, 'run');
      assert.ok(cold.action.kind === 'run' && cold.action.step.decision.reason.includes(layer.digest));
      const again = await publishTo(place, other, 2);
      assert.partialDeepStrictEqual((await nextAction(place)).action, { kind: 'reuse', record: again });
    });

    it('an image of our key that lacks a blob is not adopted but replaced', async () => {
      await using place = await open();
      const record = await publishTo(place, PLAN.imageKey, 1);
      assert.equal((await nextAction(place)).action.kind, 'keep-image');
      const [layer] = record.layers;
      assert.ok(layer !== undefined);
      await place.remove(layer.digest);
      await publishTo(place, PLAN.imageKey, 2);
      assert.equal((await nextAction(place)).action.kind, 'keep-image');
    });
  });
}

describe('in a layout', () => {
  it('an image that lacks a blob is not kept, and one whose manifest has gone is replaced', async () => {
    await using place = await openLayout();
    const record = await publishTo(place, PLAN.imageKey, 1);
    const [layer] = record.layers;
    assert.ok(layer !== undefined);
    await place.remove(layer.digest);
    const { action, lines } = await nextAction(place);
    assert.equal(action.kind, 'run');
    assert.match(
      lines.join('\n'),
      new RegExp(`cannot keep ${PLAN.commitTag}: its blob ${layer.digest} has gone`),
    );
    await publishTo(place, PLAN.imageKey, 2);
    const image = await place.target.resolve(PLAN.commitTag, { signal });
    assert.ok(image !== undefined);
    await place.remove(image.digest);
    await publishTo(place, PLAN.imageKey, 3);
    assert.equal((await nextAction(place)).action.kind, 'keep-image');
  });
});
