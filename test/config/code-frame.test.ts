import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codeFrame } from '../../src/config/code-frame.ts';

describe('codeFrame', () => {
  it('shows the line with its neighbours and carets below what is meant', () => {
    const lines = ['image: a', 'tasks: run', 'ports: []'];
    assert.equal(
      codeFrame(lines, { line: 2, column: 8, endColumn: 11 }),
      ['  1 | image: a', '> 2 | tasks: run', '    |        ^^^', '  3 | ports: []'].join('\n'),
    );
  });

  it('aligns line numbers of different width', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);
    assert.equal(
      codeFrame(lines, { line: 9, column: 1, endColumn: 5 }),
      ['   8 | line 8', '>  9 | line 9', '     | ^^^^', '  10 | line 10'].join('\n'),
    );
  });

  it('keeps tabs and the width of wide characters before the carets', () => {
    assert.equal(
      codeFrame(['\t数据: x'], { line: 1, column: 6, endColumn: 7 }),
      ['> 1 | \t数据: x', '    | \t\u3000\u3000  ^'].join('\n'),
    );
  });

  it('always points with the carets at the text that is meant', () => {
    const place = fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 30 }), fc.nat(400));
    fc.assert(
      fc.property(place, ([before, length, after]) => {
        const line = `${'-'.repeat(before)}${'X'.repeat(length)}${'-'.repeat(after)}`;
        const column = before + 1;
        const [shown = '', pointer = ''] = codeFrame([line], {
          line: 1,
          column,
          endColumn: column + length,
        }).split('\n');
        const from = pointer.indexOf('^');
        assert.equal(shown.slice(from, pointer.lastIndexOf('^') + 1), 'X'.repeat(length));
        assert.ok(shown.length <= 110);
      }),
    );
  });
});
