import assert from 'node:assert/strict';
import { PreheatError, type FailureCode } from '../../src/kernel/failure.ts';
import { answerQuestions } from '../../src/observe/answer-questions.ts';
import type { RecordQuestion } from '../../src/observe/record-question.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { silentLog } from '../support/silent-log.ts';

const KEY = digestOf('key');
const IMAGE = digestOf('image');
const QUESTIONS: readonly RecordQuestion[] = [
  { kind: 'image', tag: 'commit-1', imageKey: KEY },
  { kind: 'record', tag: 'step-1', contentKey: digestOf('content') },
];
const options = { signal: new AbortController().signal };

function storeWith(imageKey: string | undefined, failing?: FailureCode) {
  const asked: string[] = [];
  const descriptor = { mediaType: 'm', digest: IMAGE, size: 1 };
  const manifest = {
    schemaVersion: 2 as const,
    config: descriptor,
    layers: [],
    ...(imageKey === undefined ? {} : { annotations: { [ANNOTATION.imageKey]: imageKey } }),
  };
  const store: Pick<ContentStore, 'location' | 'readManifest' | 'readBlob'> = {
    location: { kind: 'registry', registry: 'registry.example.com', repository: 'team/app' },
    readManifest: async (tag) => {
      asked.push(tag);
      if (failing !== undefined)
        throw new PreheatError('cannot read it: trouble', { phase: 'observe', code: failing });
      return tag === 'commit-1' && imageKey !== undefined ? { descriptor, manifest } : undefined;
    },
    readBlob: async () => undefined,
  };
  return { asked, store: store as ContentStore };
}

const sourcesOf = (
  target: ContentStore,
  { log }: Pick<ReturnType<typeof silentLog>, 'log'> = silentLog(),
) => ({
  target,
  log,
  whyUnfit: async () => undefined,
});

describe('answerQuestions', () => {
  it('stops at the first answer that satisfies', async () => {
    const { asked, store } = storeWith(KEY);
    const answers = await answerQuestions(QUESTIONS, sourcesOf(store), options);
    assert.deepEqual(answers, [{ kind: 'image', tag: 'commit-1', digest: IMAGE, layers: [], imageKey: KEY }]);
    assert.deepEqual(asked, ['commit-1']);
  });

  it('goes on after an image that was made from other inputs', async () => {
    const { asked, store } = storeWith(digestOf('other'));
    const answers = await answerQuestions(QUESTIONS, sourcesOf(store), options);
    assert.equal(answers.length, 2);
    assert.deepEqual(asked, ['commit-1', 'step-1']);
  });

  it('takes a corrupt answer for a miss and says so', async () => {
    const { lines, log } = silentLog();
    const { store } = storeWith(undefined, 'corrupt');
    const answers = await answerQuestions(QUESTIONS, sourcesOf(store, { log }), options);
    assert.deepEqual(answers, [
      { kind: 'image', tag: 'commit-1' },
      { kind: 'record', tag: 'step-1', unusable: 'cannot read it: trouble' },
    ]);
    assert.equal(lines.filter((line) => line.includes('treated as a miss')).length, 1);
  });

  it('gives up where publishing would fail as well', async () => {
    for (const code of ['unauthorized', 'unreachable'] as const) {
      const { store } = storeWith(undefined, code);
      await assert.rejects(answerQuestions(QUESTIONS, sourcesOf(store), options), { code });
    }
  });
});
