import assert from 'node:assert/strict';
import { holds } from '../../setup/packages.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/b-darwin': { version: '2.0.0', optional: true },
  },
};

const a = { version: '1.0.0' };
const b = { version: '2.0.0' };

describe('node_modules', () => {
  const installs = [
    ['holds all, without other platforms', { 'node_modules/a': a, 'node_modules/b': b }, true],
    ['holds all, with an optional one', { ...lock.packages, '': undefined }, true],
    ['lacks a package', { 'node_modules/a': a }, false],
    ['has another version', { 'node_modules/a': a, 'node_modules/b': { version: '2.0.1' } }, false],
    ['has a package too many', { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/c': a }, false],
    ['is empty', {}, false],
  ] as const;

  for (const [what, packages, current] of installs) {
    it(`is ${current ? 'current' : 'old'} when it ${what}`, () => {
      const installed = Object.fromEntries(
        Object.entries(packages).filter(([, value]) => value !== undefined),
      );
      assert.equal(holds({ packages: installed as Record<string, typeof a> }, lock), current);
    });
  }

  it('is old when npm wrote no list', () => {
    assert.equal(holds({}, lock), false);
  });
});
