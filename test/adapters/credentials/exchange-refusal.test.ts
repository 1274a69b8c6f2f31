import assert from 'node:assert/strict';
import { explainEcr } from '../../../src/adapters/credentials/aws/ecr-refusal.ts';
import { explainSts } from '../../../src/adapters/credentials/aws/sts-refusal.ts';
import { answerText } from '../../../src/adapters/credentials/exchange-refusal.ts';
import {
  explainGoogleSts,
  explainImpersonation,
} from '../../../src/adapters/credentials/google/google-refusal.ts';

const explainAccount = (status: number, body: string) => explainImpersonation(status, body, 'a@b');

describe('what a cloud answers', () => {
  it('is told on one line, as far as there is something to tell', () => {
    assert.equal(answerText('STS', 403, 'Denied', 'Not\nyours.'), 'STS answered 403 Denied: Not yours');
    assert.equal(answerText('STS', 403, 'Denied', ''), 'STS answered 403 Denied');
    assert.equal(answerText('STS', 502, '', ''), 'STS answered 502');
  });

  for (const [name, explain] of [
    ['AWS STS', explainSts],
    ['Amazon ECR', explainEcr],
    ['Google’s STS', explainGoogleSts],
    ['IAM Credentials', explainAccount],
  ] as const) {
    it(`is told of ${name} also where something else answers`, () => {
      for (const [body, why] of [
        ['', `${name} answered 502`],
        ['<html><title>Bad Gateway</title></html>', `${name} answered 502: Bad Gateway`],
        ['[1, 2]', `${name} answered 502: [1, 2]`],
      ] as const) {
        assert.deepEqual(explain(502, body), { why, hint: undefined, isPassing: false });
      }
    });
  }

  it('gets no hint from a code that only looks like one', () => {
    for (const code of ['constructor', 'toString', '__proto__']) {
      assert.equal(explainSts(400, `<Error><Code>${code}</Code></Error>`).hint, undefined);
      assert.equal(explainEcr(400, JSON.stringify({ __type: code })).hint, undefined);
    }
  });
});
