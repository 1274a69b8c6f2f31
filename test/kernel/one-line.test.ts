import assert from 'node:assert/strict';
import { oneLine } from '../../src/kernel/one-line.ts';

describe('one line', () => {
  it('has neither line breaks, nor control characters, nor a full stop at its end', () => {
    assert.equal(oneLine('  it\r\n\tbroke\u001b[31m here.\n'), 'it broke [31m here');
    assert.equal(oneLine(''), '');
  });

  it('has 300 characters at most', () => {
    assert.equal(oneLine('a'.repeat(300)), 'a'.repeat(300));
    assert.equal(oneLine('a'.repeat(301)), `${'a'.repeat(299)}…`);
  });
});
