import assert from 'node:assert/strict';
import { isPlainHttp } from '../../../src/adapters/oras/plain-http.ts';

describe('isPlainHttp', () => {
  for (const registry of ['localhost', 'localhost:5000', '127.0.0.1:5000', '127.1.2.3', '[::1]:5000']) {
    it(`is true for ${registry}`, () => assert.equal(isPlainHttp(registry), true));
  }
  for (const registry of [
    'docker.io',
    'localhost.example.com',
    '127.0.0.1.example.com:5000',
    '[::2]:5000',
    '10.0.0.1',
  ]) {
    it(`is false for ${registry}`, () => assert.equal(isPlainHttp(registry), false));
  }
  it('is true for a registry that was named, with its port', () => {
    assert.equal(isPlainHttp('registry.lan:5000', ['registry.lan:5000']), true);
    assert.equal(isPlainHttp('registry.lan', ['registry.lan:5000']), false);
  });
});
