import assert from 'node:assert/strict';
import { nearestWord } from '../../src/config/nearest-word.ts';

const KEYS = ['image', 'tasks', 'ports', 'checkoutLocation', 'env', 'vscode'];

describe('nearestWord', () => {
  for (const [written, meant] of [
    ['imgae', 'image'],
    ['task', 'tasks'],
    ['Port', 'ports'],
    ['checkout_location', 'checkoutLocation'],
    ['chekcoutLocaton', 'checkoutLocation'],
    ['envs', 'env'],
    ['vs-code', 'vscode'],
  ] as const) {
    it(`takes "${written}" for "${meant}"`, () => assert.equal(nearestWord(written, KEYS), meant));
  }

  for (const written of ['ide', 'command', 'x', 'x'.repeat(5000), '']) {
    it(`takes "${written.slice(0, 10)}" for nothing`, () =>
      assert.equal(nearestWord(written, KEYS), undefined));
  }
});
