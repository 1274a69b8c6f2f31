import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { base64Cores, textForms } from '../../src/kernel/secret-forms.ts';

describe('the forms of a secret', () => {
  it('are what base64 makes of it wherever it stands, and long enough to mean it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 40 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        (secret, before, after, alphabet) => {
          const encoded = Buffer.concat([before, secret, after]).toString(alphabet);
          const cores = base64Cores(secret);
          assert.ok(cores.some((core) => encoded.includes(core)));
          assert.ok(cores.every(({ length }) => length >= 8));
        },
      ),
    );
  });

  it('hold nothing that every text has', () => {
    for (const short of ['', 'a', 'ab']) assert.ok(!base64Cores(Buffer.from(short)).includes(''));
  });

  it('are those of addresses and of JSON too', () => {
    assert.deepEqual(textForms('a"b/c'), ['a"b/c', 'a%22b%2Fc', String.raw`a\"b/c`]);
    assert.deepEqual(textForms('plain'), ['plain']);
  });
});
