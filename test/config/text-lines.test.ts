import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textLines } from '../../src/config/text-lines.ts';

describe('textLines', () => {
  it('finds each character where it stands', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '😀', '\u2028'), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.nat(60), (written, offset) => {
        const { lines, position } = textLines(written);
        const { line, column } = position(offset);
        const shown = lines[line - 1];
        assert.ok(shown !== undefined && column >= 1 && column <= shown.length + 1);
        const character = written.charAt(offset);
        if (character !== '' && !'\r\n'.includes(character))
          assert.equal(shown.charAt(column - 1), character);
        assert.equal(lines.length, written.split('\n').length);
      }),
    );
  });
});
