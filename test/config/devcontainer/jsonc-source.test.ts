import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readJsonc } from '../../../src/config/devcontainer/jsonc-source.ts';

/** What is read, as JSON has it: objects of the parser have no prototype. */
const valueOf = (text: string): unknown => {
  const { value, findings } = readJsonc(text);
  assert.deepEqual(findings, []);
  return JSON.parse(JSON.stringify(value));
};
const fault = (text: string) => {
  const [finding, ...others] = readJsonc(text).findings;
  assert.ok(finding !== undefined && others.length === 0, text);
  const place = 'start' in finding.where ? text.slice(finding.where.start, finding.where.end) : undefined;
  return [finding.severity, finding.message, place];
};

describe('readJsonc', () => {
  it('reads any JSON as JSON.parse does, with comments and trailing commas in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, '\t');
        // In the text of a value, a line break is an escape.
        const commented = text.replaceAll(/(?<=[^[{,\s])\n/g, ', // so\n').replaceAll(/^/gm, '/* "{ */');
        assert.deepEqual(valueOf(text), value);
        assert.deepEqual(valueOf(commented), value);
      }),
    );
  });

  it('tells the first fault at its place', () => {
    assert.deepEqual(fault('{ "a": 1 "b": 2 }'), ['error', 'a comma is missing before this', '"b"']);
    assert.deepEqual(fault('{ "a" 1 }'), ['error', 'a colon is missing before this', '1']);
    assert.deepEqual(fault('{ a: 1 }')[1], 'this is no value of JSON: text stands in double quotes');
    assert.deepEqual(fault('{ "a": [1')[1], 'a "]" is missing');
    assert.deepEqual(fault('')[1], 'a value is expected here');
    assert.deepEqual(fault('{} x')[1], 'this is no value of JSON: text stands in double quotes');
    assert.deepEqual(fault('{ "a": 1, "b": { "c": 1, "c": 2 } }'), [
      'warning',
      'the key "c" stands here a second time',
      '"c"',
    ]);
  });

  it('finds parts of what a text means, with escapes in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), fc.nat(), (value, one, other) => {
        const [start = 0, end = 0] = [one, other]
          .map((at) => at % (value.length + 1))
          .toSorted((a, b) => a - b);
        const text = `{ "a": ["x", ${JSON.stringify(value)}] } // "`;
        const range = readJsonc(text).rangeOf({ path: ['a', 1], within: { start, end } });
        assert.equal(JSON.parse(`"${text.slice(range.start, range.end)}"`), value.slice(start, end));
      }),
    );
    const whole = readJsonc('{ "a": ["x", "y"] }').rangeOf({ path: ['a'], within: { start: 1, end: 2 } });
    assert.deepEqual(whole, { start: 7, end: 17 });
  });

  it('ends with a finding for what is too long or too deep', () => {
    assert.match(fault(`"${'a'.repeat(300_000)}"`)[1] ?? '', /longer than 256 KiB/);
    assert.match(fault('['.repeat(100_000))[1] ?? '', /nested too deeply/);
  });

  it('throws for no text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]",:/*\\\n a1'.split('')) }),
        (text) => void readJsonc(text),
      ),
    );
  });
});
