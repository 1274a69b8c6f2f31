import assert from 'node:assert/strict';
import { failureLines } from '../../src/cli/failure-lines.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const refused = new PreheatError('cannot read the options: 2 are wrong\n  --a: odd\n  --b: odder', {
  phase: 'usage',
  hint: 'See preheat build --help.',
});

describe('the lines of a failure', () => {
  it('end with what failed, behind what it consists of and what to do', () => {
    assert.deepEqual(failureLines(refused), [
      '  --a: odd',
      '  --b: odder',
      '  See preheat build --help.',
      '✖ cannot read the options: 2 are wrong',
    ]);
    assert.deepEqual(failureLines(new PreheatError('cannot go on', { phase: 'build' })), ['✖ cannot go on']);
  });

  it('tell where a defect lies, and of other failures only when asked', () => {
    const defect = failureLines(new TypeError('x is not a function', { cause: new Error('deeper') }));
    assert.equal(defect.at(-1), '✖ x is not a function');
    assert.match(defect.at(-2) ?? '', /Report this as a defect/);
    assert.ok(defect.some((line) => /^\s+at .*failure-lines\.test/.test(line)));
    assert.ok(defect.includes('caused by deeper'));
    assert.ok(!failureLines(refused).some((line) => /^\s+at /.test(line)));
    assert.ok(failureLines(refused, true).some((line) => /^\s+at /.test(line)));
    assert.equal(
      failureLines('a text')[0],
      '  Report this as a defect of preheat, with the output of --debug.',
    );
  });
});
