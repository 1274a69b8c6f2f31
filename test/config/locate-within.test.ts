import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document, parseDocument, Scalar, type ToStringOptions } from 'yaml';
import { locateWithin } from '../../src/config/locate-within.ts';

const word = fc.stringMatching(/^[a-z][a-z:#"'$&|-]{0,6}[a-z]$/);
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n', '\n  ')), { minLength: 1, maxLength: 8 })
  .map((all) => all.flat().join(''))
  .chain((all) => fc.constantFrom(all, all.trimEnd()));
const style = fc.constantFrom<Scalar.Type>(
  'PLAIN',
  'BLOCK_LITERAL',
  'BLOCK_FOLDED',
  'QUOTE_SINGLE',
  'QUOTE_DOUBLE',
);

/** The text in a file, written in the wanted style where YAML allows it. */
function fileOf(value: string, type: Scalar.Type, options: ToStringOptions): string {
  const scalar = new Scalar(value);
  scalar.type = type;
  return new Document({ other: [1], tasks: [{ name: 'x', init: scalar }] }).toString(options);
}

describe('a part of a text', () => {
  it('is found in the file in whatever style it is written', () => {
    const found = new Map<unknown, number>();
    fc.assert(
      fc.property(text, style, fc.constantFrom(20, 80, 0), fc.boolean(), (value, type, lineWidth, crlf) => {
        const written = fileOf(value, type, { lineWidth });
        const file = crlf ? written.replaceAll('\n', '\r\n') : written;
        const document = parseDocument(file);
        const node = document.getIn(['tasks', 0, 'init'], true);
        assert.ok(node instanceof Scalar && typeof node.value === 'string');
        for (const { 0: part, index } of node.value.matchAll(/\S+/g)) {
          const range = locateWithin(document, file, ['tasks', 0, 'init'], {
            start: index,
            end: index + part.length,
          });
          const told = file.slice(range.start, range.end);
          // Only of a text with escapes the whole is told.
          if (told !== part) assert.match(told, /^"[^]*\\[^]*"$|^'[^]*''[^]*'$/);
          found.set(node.type, (found.get(node.type) ?? 0) + 1);
        }
      }),
    );
    for (const type of ['PLAIN', 'BLOCK_LITERAL', 'BLOCK_FOLDED', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'])
      assert.ok((found.get(type) ?? 0) > 3, `${type}: ${found.get(type)}`);
  });

  it('is found through aliases and merges', () => {
    const file = 'a: &a |  # why\n  one\n  two three\nb: { <<: { c: *a } }\n';
    const document = parseDocument(file, { merge: true, stringKeys: true });
    const range = locateWithin(document, file, ['b', 'c'], { start: 8, end: 13 });
    assert.equal(file.slice(range.start, range.end), 'three');
  });

  it('is the whole where the text has escapes', () => {
    const file = 'a: "b\\tc d"\n';
    const range = locateWithin(parseDocument(file), file, ['a'], { start: 4, end: 5 });
    assert.equal(file.slice(range.start, range.end), '"b\\tc d"');
  });
});
