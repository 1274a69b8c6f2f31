import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseInputOption } from '../../src/config/input-option.ts';

const read = (text: string) => {
  const { forAll, ofTask } = parseInputOption(text);
  return { forAll, ...Object.fromEntries(ofTask) };
};

describe('parseInputOption', () => {
  it('reads what is for all tasks, and what is for some by their names', () => {
    assert.deepEqual(read('src/**, ./package.json'), { forAll: ['package.json', 'src/**'] });
    assert.deepEqual(read('Build app = src, lock ;Docs=docs/;'), {
      forAll: [],
      'Build app': ['lock', 'src'],
      Docs: ['docs'],
    });
    assert.deepEqual(read('lock;Docs=docs;more'), { forAll: ['lock', 'more'], Docs: ['docs'] });
    assert.deepEqual(read('a=x;a=y'), { forAll: [], a: ['x', 'y'] });
    assert.deepEqual(read('./a=b,c'), { forAll: ['a=b', 'c'] });
  });

  it('refuses what names no path, or none of a repository', () => {
    for (const [text, why] of [
      ['', /names no path$/],
      [' ; ', /names no path$/],
      ['Build=', /names no path for the task "Build"/],
      ['Build=src;../x', /"\.\.\/x" is no path of the repository/],
      ['Build=/etc', /"\/etc" is no path of the repository/],
    ] as const)
      assert.throws(() => parseInputOption(text), why);
  });

  it('takes any text, or says what is wrong with it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', ';', ',', '/', '.', ' ', '*') }), (text) => {
        try {
          const { forAll, ofTask } = parseInputOption(text);
          assert.ok(forAll.length + ofTask.size > 0);
        } catch (thrown) {
          assert.ok(thrown instanceof RangeError);
        }
      }),
    );
  });
});
