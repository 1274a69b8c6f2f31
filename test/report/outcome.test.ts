import assert from 'node:assert/strict';
import { Outcome } from '../../src/report/outcome.ts';
import { failedOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

describe('outcome', () => {
  for (const outcome of [warmOutcome, failedOutcome, interruptedOutcome]) {
    it(`goes through JSON when it is ${outcome.result}`, () => {
      assert.deepEqual(Outcome.parse(JSON.parse(JSON.stringify(outcome))), outcome);
    });
  }
});
