import assert from 'node:assert/strict';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { observe, type ObserveRequest } from '../../src/observe/observe.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { FACTS } from '../support/records.ts';
import { silentLog } from '../support/silent-log.ts';
import { openTestStaging, stageImage, testSignal } from '../support/staged-image.ts';

const signal = testSignal();
const KEY = digestOf('image');
const RECORDS = ['step-own', 'step-main'].map((tag) => ({ kind: 'record', tag, contentKey: KEY }) as const);
const REQUEST: ObserveRequest = {
  ...FACTS,
  questions: () => [{ kind: 'image', tag: 'commit', imageKey: KEY }, ...RECORDS],
  hints: () => ['hint-own', 'hint-main'],
  keyframeScopes: ['protected.main'],
};

/** What is asked of a layout with one image, as a caller sees it. */
async function observed(imageKey: string, change: Partial<ContentStore> = {}) {
  await using opened = await openTestStaging();
  const annotations = { [ANNOTATION.imageKey]: imageKey };
  await stageImage(opened.staging, 'commit', [], { annotations });
  const store = openLayoutStore(
    { kind: 'layout', directory: opened.staging.directory },
    { copyBase: () => assert.fail(), copyStaged: () => assert.fail() },
  );
  const asked: string[] = [];
  const target: ContentStore = {
    ...store,
    readManifest: async (tag, options) => {
      asked.push(tag);
      return await store.readManifest(tag, options);
    },
    listTags: async (options) => {
      asked.push('all tags');
      return await store.listTags(options);
    },
    ...change,
  };
  const { log, lines } = silentLog();
  const repository = { nearestAncestor: async () => undefined };
  const facts = await observe(
    REQUEST,
    { target, log, repository, whyUnfit: async () => undefined },
    { signal },
  );
  return { facts, asked, lines };
}

describe('observe', () => {
  it('asks for nothing but the image where that is there', async () => {
    const { facts, asked } = await observed(KEY);
    assert.deepEqual(asked, ['commit']);
    assert.equal(facts.keyframes, undefined);
  });

  it('asks for no tag that a listing lacks', async () => {
    const { facts, asked, lines } = await observed(digestOf('another'));
    assert.deepEqual(asked, ['commit', 'all tags']);
    assert.deepEqual(
      facts.answers.map(({ tag }) => tag),
      ['commit', 'step-own', 'step-main'],
    );
    assert.deepEqual([facts.earlier, facts.keyframes, lines], [[], { newest: 0 }, []]);
  });

  it('asks for each where tags cannot be listed, with one line, unless the registry refuses', async () => {
    const failing = (code: 'failed' | 'unauthorized') => ({
      listTags: async () => {
        throw new PreheatError('cannot list them', { phase: 'observe', code });
      },
    });
    const { asked, lines } = await observed(digestOf('another'), failing('failed'));
    assert.deepEqual(asked, ['commit', 'step-own', 'step-main', 'hint-own', 'hint-main']);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /cannot list the tags: cannot list them; each is asked for/);
    await assert.rejects(observed(digestOf('another'), failing('unauthorized')), { code: 'unauthorized' });
  });
});
