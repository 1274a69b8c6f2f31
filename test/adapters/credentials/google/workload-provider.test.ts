import assert from 'node:assert/strict';
import { parseWorkloadProvider } from '../../../../src/adapters/credentials/google/workload-provider.ts';

const PATH = 'projects/123456/locations/global/workloadIdentityPools/bitbucket/providers/pipelines';

describe('the name of a workload identity provider', () => {
  for (const start of ['', '//iam.googleapis.com/', 'https://iam.googleapis.com/']) {
    it(`may begin with "${start}"`, () =>
      assert.equal(parseWorkloadProvider(`${start}${PATH}`), `//iam.googleapis.com/${PATH}`));
  }

  for (const text of [
    '',
    'bitbucket',
    PATH.replace('123456', 'my-project'),
    PATH.replace('/providers/pipelines', ''),
    `${PATH}/x`,
    `//evil.example/${PATH}`,
  ]) {
    it(`is not "${text}"`, () => assert.throws(() => parseWorkloadProvider(text), RangeError));
  }
});
