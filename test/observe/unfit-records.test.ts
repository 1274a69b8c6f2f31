import assert from 'node:assert/strict';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { answerQuestions } from '../../src/observe/answer-questions.ts';
import { observe } from '../../src/observe/observe.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { stageRecord } from '../../src/publish/record-manifest.ts';
import { FACTS, recordFor } from '../support/records.ts';
import { silentLog } from '../support/silent-log.ts';
import { openTestStaging, testSignal } from '../support/staged-image.ts';

const KEY = digestOf('content');
const QUESTIONS = ['own', 'main'].map((tag) => ({ kind: 'record', tag, contentKey: KEY }) as const);
const COPIER = { copyBase: () => assert.fail(), copyStaged: () => assert.fail() };

describe('records that do not fit', () => {
  it('are passed over for those of the next scope; hints are asked for only where none fits', async () => {
    const signal = testSignal();
    await using opened = await openTestStaging();
    const { staging } = opened;
    const record = recordFor(
      { staticKey: digestOf('static'), contentKey: KEY },
      { kind: 'protected', branch: 'main' },
    );
    for (const { tag } of QUESTIONS) await stageRecord(tag, record, FACTS.platform, staging, { signal });
    const target = openLayoutStore({ kind: 'layout', directory: staging.directory }, COPIER);
    const { log, lines } = silentLog();
    const sourcesWith = (...unfit: (string | undefined)[]) => ({
      target,
      log,
      repository: { nearestAncestor: async () => undefined },
      whyUnfit: async () => unfit.shift(),
    });
    const [first, second] = QUESTIONS.map(({ tag }) => ({ kind: 'record', tag, record }) as const);
    assert.deepEqual(await answerQuestions(QUESTIONS, sourcesWith('no', undefined), { signal }), [
      { ...first, unfit: 'no' },
      second,
    ]);
    assert.deepEqual(await answerQuestions(QUESTIONS, sourcesWith(undefined), { signal }), [first]);

    const asked: string[] = [];
    const request = {
      ...FACTS,
      keyframeScopes: [],
      questions: () => QUESTIONS,
      hints: () => {
        asked.push('hints');
        return [];
      },
    };
    assert.equal((await observe(request, sourcesWith('no', undefined), { signal })).earlier, undefined);
    assert.deepEqual(asked, []);
    assert.deepEqual((await observe(request, sourcesWith('no', 'neither'), { signal })).earlier, []);
    assert.deepEqual(asked, ['hints']);
    assert.deepEqual(lines, []);
  });
});
