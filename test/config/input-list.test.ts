import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseInputs } from '../../src/config/input-list.ts';

describe('a list of inputs', () => {
  it('is normal: each once, sorted, without what changes nothing', () => {
    assert.deepEqual(parseInputs(' ./src/ ,src,b//c, a, .git/HEAD,.git,./, '), [
      '.',
      '.git',
      'a',
      'b/c',
      'src',
    ]);
  });

  it('keeps patterns and brackets as they are', () => {
    assert.deepEqual(parseInputs('src/**/*.ts,pages/[id].tsx,a?'), ['a?', 'pages/[id].tsx', 'src/**/*.ts']);
  });

  for (const [list, why] of [
    ['', /names no path/],
    [' , ', /names no path/],
    ['a,/etc/passwd', /"\/etc\/passwd" is no path of the repository: it is an absolute path/],
    ['../x', /it has "\.\."/],
    ['a/../../b', /it has "\.\."/],
    ['!a', /taken back/],
    ['a\u0007', /control character/],
  ] as const) {
    it(`refuses ${JSON.stringify(list)}`, () => {
      assert.throws(() => parseInputs(list), { name: 'RangeError', message: why });
    });
  }

  it('reads its own normal form alike, and never leads out of the repository', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', ',', '*', '-') }), (list) => {
        let inputs: readonly string[];
        try {
          inputs = parseInputs(list);
        } catch {
          return;
        }
        assert.deepEqual(parseInputs(inputs.join(',')), inputs);
        assert.ok(inputs.every((input) => !input.startsWith('/') && !input.split('/').includes('..')));
      }),
    );
  });
});
