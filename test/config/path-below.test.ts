import assert from 'node:assert/strict';
import { relative } from 'node:path/posix';
import fc from 'fast-check';
import { pathBelow } from '../../src/config/path-below.ts';

describe('pathBelow', () => {
  for (const [written, expected] of [
    ['app', '/workspace/app'],
    ['/app/', '/workspace/app'],
    ['./a//b/../c', '/workspace/a/c'],
    ['.', '/workspace'],
    ['..app', '/workspace/..app'],
    ['..', undefined],
    ['a/../../b', undefined],
    ['../workspace/a', undefined],
    ['a\nb', undefined],
  ] as const) {
    it(`${JSON.stringify(written)} is ${expected ?? 'refused'}`, () => {
      assert.equal(pathBelow('/workspace', written), expected);
    });
  }

  it('never leaves its root', () => {
    const part = fc.constantFrom('..', '.', 'a', '', '...', ' ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom('/', '/workspace'), (parts, root) => {
        const below = pathBelow(root, parts.join('/'));
        if (below !== undefined) assert.ok(!/^\.\.(?:\/|$)/.test(relative(root, below)), below);
      }),
    );
  });
});
