import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { scriptOf } from '../../../src/build/task-script.ts';
import { runs } from '../../support/runs.ts';
import { findingsOf, shownFindings } from './findings-of.ts';

const isAccepted = (init: string): boolean => {
  const { text = '' } = scriptOf({ name: 'x', env: {}, init }) ?? {};
  return spawnSync('bash', ['-O', 'extglob', '-n'], { input: text }).status === 0;
};
const isWarnedOf = (init: string): boolean =>
  findingsOf(JSON.stringify({ tasks: [{ init }] })).some(({ message }) => message.includes('bash refuses'));

describe('shell text that bash refuses', () => {
  const broken = [
    '&& make',
    '\n# first\n|| make',
    '; make',
    ') x',
    'make &&',
    'make |\n',
    "echo 'x",
    'echo "x',
    'make \\',
  ];
  for (const text of broken)
    it(`is warned of: ${JSON.stringify(text)}`, () => {
      assert.ok(isWarnedOf(text));
      assert.ok(!isAccepted(text));
    });

  it('is warned of at its place, in command too', () => {
    assert.deepEqual(
      shownFindings('tasks:\n  - init: |\n      make\n      echo "it\n    command: "&& x"\n'),
      [
        'warning 4: init has a quote without an end here, which bash refuses: the task will fail',
        'warning 5: command begins with "&&", which bash refuses: the task will fail',
      ],
    );
  });

  it('is never told of what bash takes', () => {
    const piece = fc.constantFrom(
      'a',
      'echo',
      ' ',
      ' ',
      '\n',
      '\n',
      ';',
      '&',
      '&&',
      '||',
      '|',
      "'",
      "'",
      '"',
      '"',
      '\\',
      '# ',
      '$(',
      ')',
      '(',
      '`',
      '${x',
      '}',
      '{ ',
      '$',
      '<<E\n',
      '\nE\n',
      "it's",
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        if (text.trim() === '' || !isWarnedOf(text)) return;
        accepted++;
        assert.ok(!isAccepted(text), JSON.stringify(text));
      }),
      { numRuns: runs(600) },
    );
    assert.ok(accepted > 50, `${accepted} texts were warned of`);
  });
});
