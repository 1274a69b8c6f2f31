import assert from 'node:assert/strict';
import { googlePlaceOf } from '../../../../src/adapters/credentials/google/google-place.ts';

describe('the place of Google’s registries', () => {
  it('is one for all of them', () => {
    const names = ['europe-docker.pkg.dev', 'europe-west1-docker.pkg.dev', 'gcr.io', 'eu.gcr.io'].map(
      (host) => googlePlaceOf(host)?.name,
    );
    assert.deepEqual(new Set(names), new Set(['Google Artifact Registry']));
  });

  for (const registry of [
    'docker.io',
    'docker.pkg.dev',
    'europe-npm.pkg.dev',
    'evil.example/europe-docker.pkg.dev',
    'europe-docker.pkg.dev.example.com',
    'europe-docker.pkg.dev:443',
    'notgcr.io',
    'a.b.gcr.io',
    'gcr.io.example.com',
  ]) {
    it(`is none for ${registry}`, () => assert.equal(googlePlaceOf(registry), undefined));
  }
});
