import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson, type Json } from '../../src/kernel/canonical-json.ts';

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, shuffled(member as Json)]),
  );
};

describe('canonicalJson', () => {
  it('sorts keys and leaves out undefined members', () => {
    assert.equal(canonicalJson({ b: 1, a: [true, null], c: undefined }), '{"a":[true,null],"b":1}');
  });

  it('is JSON that reads back as the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = value as Json;
        const text = canonicalJson(json);
        assert.equal(canonicalJson(shuffled(json)), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
