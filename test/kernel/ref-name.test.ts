import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { isRefName } from '../../src/kernel/ref-name.ts';
import { runs } from '../support/runs.ts';

/** Whether git takes it for a branch; `--branch` refuses a leading dash and HEAD besides. */
function gitAccepts(name: string): boolean {
  const check = (...words: readonly string[]) =>
    spawnSync('git', ['check-ref-format', ...words]).status === 0;
  return check(`refs/heads/${name}`) && !name.startsWith('-') && name !== 'HEAD' && name !== '@';
}

describe('isRefName', () => {
  const names = [
    'main',
    'feature/login',
    'a.b',
    'a@b',
    'ü/😀',
    'release-1.0',
    'x/.y',
    '.x',
    'a..b',
    'a.lock',
    'a.lock/b',
    'a/',
    '/a',
    'a//b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a@{1}',
    'a.',
    'a\u007Fb',
    'a\tb',
    '',
    'head',
    'a/-b',
    '{@',
  ];
  for (const name of names) {
    it(`agrees with git on ${JSON.stringify(name)}`, () => assert.equal(isRefName(name), gitAccepts(name)));
  }

  it('refuses what git reads as something else', () => {
    for (const name of ['-d', '--all', 'HEAD', '@']) assert.equal(isRefName(name), false);
  });

  it('agrees with git on any name', () => {
    const unit = fc.constantFrom(
      'a',
      '.',
      '/',
      '@',
      '{',
      '-',
      '~',
      ' ',
      'lock',
      '.lock',
      'é',
      '\\',
      '*',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 8 }), (name) => {
        assert.equal(isRefName(name), gitAccepts(name));
      }),
      { numRuns: runs(60) },
    );
  });
});
