import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { pullRequestComment } from '../../src/report/comment.ts';
import { insightsReport } from '../../src/report/insights.ts';
import { junitReport } from '../../src/report/junit.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { reportSubject } from '../../src/report/report-subject.ts';
import { buildStatus } from '../../src/report/status.ts';
import { brokenOutcome, emptyOutcome, invalidOutcome, pullRequestOutcome } from './page/samples.ts';
import { greedyOutcome, interruptedOutcome } from './sample-outcome.ts';

const SAMPLES: Readonly<Record<string, Outcome>> = {
  'pull-request': pullRequestOutcome,
  'failed-task': brokenOutcome,
  'tolerated-task': tolerated(brokenOutcome),
  'wrong-configuration': invalidOutcome,
  'out-of-memory': greedyOutcome,
  interrupted: interruptedOutcome,
  nothing: emptyOutcome,
};

function tolerated(outcome: Outcome): Outcome {
  return outcome.failure === undefined
    ? outcome
    : { ...outcome, failure: { ...outcome.failure, tolerated: true } };
}

/** All that an outcome is told as, but the page, which a browser looks at. */
function toldOf(outcome: Outcome): string {
  const subject = { ...reportSubject(outcome), ...(outcome.ref !== '' && { branch: outcome.ref }) };
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  return [
    ['build status', json(buildStatus(outcome, subject))],
    ['comment', pullRequestComment(outcome, subject).text],
    ['report', json(insightsReport(outcome, subject))],
    ['JUnit XML', junitReport(outcome)],
  ]
    .map(([name, text]) => `=== ${name}\n${text}\n`)
    .join('');
}

describe('what an outcome is told as', () => {
  for (const [name, outcome] of Object.entries(SAMPLES)) {
    it(`is the golden file of "${name}" (UPDATE_GOLDEN=1 writes it anew)`, async () => {
      const file = new URL(`golden/${name}.txt`, import.meta.url);
      const told = toldOf(outcome);
      if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, told);
      assert.equal(told, await readFile(file, 'utf8'));
    });
  }
});
