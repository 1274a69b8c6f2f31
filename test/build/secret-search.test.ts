import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { needlesOf, searchFor } from '../../src/build/secret-search.ts';
import { runs } from '../support/runs.ts';

const TOKEN = 'npm_s3cret+value/x';

function foundIn(bytes: Uint8Array, secrets: Readonly<Record<string, string>>, size: number) {
  const search = searchFor(needlesOf(secrets));
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    // A stream may use its memory again.
    const length = memory.write(Buffer.from(bytes.subarray(at, at + size)).toString('latin1'), 'latin1');
    search.add(memory.subarray(0, length));
  }
  return [...search.found].toSorted();
}

describe('a search for secrets', () => {
  it('finds a secret across any borders of pieces, and none where there is none', () => {
    const around = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(around, around, fc.integer({ min: 1, max: 50 }), fc.nat(3), (before, after, size, form) => {
        const forms = [
          TOKEN,
          encodeURIComponent(TOKEN),
          Buffer.from(`user:${TOKEN}`).toString('base64'),
          Buffer.from(TOKEN).toString('base64url'),
        ];
        const bytes = Buffer.concat([before, Buffer.from(forms[form] ?? ''), after]);
        assert.deepEqual(foundIn(bytes, { OTHER: 'another-secret', TOKEN }, size), ['TOKEN']);
        assert.deepEqual(foundIn(Buffer.concat([before, after]), { TOKEN }, size), []);
      }),
      { numRuns: runs(300) },
    );
  });

  it('finds several, each by its name', () => {
    const bytes = Buffer.from(`one=${TOKEN}\ntwo=second-secret\n`);
    assert.deepEqual(foundIn(bytes, { A: TOKEN, B: 'second-secret', C: 'third-secret' }, 7), ['A', 'B']);
  });

  it('finds keys of several lines whatever their line ends, at the end of a file or in JSON', () => {
    const key = '-----BEGIN KEY-----\nbGluZSBvbmU\nbGluZSB0d28\n-----END KEY-----\n';
    for (const text of [key.trim(), key.replaceAll('\n', '\r\n'), JSON.stringify({ key })]) {
      assert.deepEqual(foundIn(Buffer.from(text), { KEY: key }, 16), ['KEY']);
    }
    const other = key.replace('bGluZSB0d28', 'b3RoZXIga2V5');
    assert.deepEqual(foundIn(Buffer.from(other), { KEY: key }, 16), []);
  });

  it('finds what base64 makes of a long one, wherever it is broken into lines', () => {
    const token = Buffer.from(Array.from({ length: 60 }, (_, at) => (at * 89 + 7) % 251)).toString('hex');
    const other = token.replace(/(?<=^.{50}).{20}/, '-'.repeat(20));
    const [around, width] = [fc.string({ maxLength: 70 }), fc.integer({ min: 40, max: 80 })];
    fc.assert(
      fc.property(around, width, fc.constantFrom('\n', '\r\n'), (before, columns, end) => {
        const wrapped = (text: string): Buffer => {
          const encoded = Buffer.from(`${before}${text}\n`).toString('base64');
          return Buffer.from(encoded.replaceAll(new RegExp(`.{${columns}}`, 'g'), `$&${end}`));
        };
        assert.deepEqual(foundIn(wrapped(token), { TOKEN: token }, 33), ['TOKEN']);
        assert.deepEqual(foundIn(wrapped(other), { TOKEN: token }, 33), []);
      }),
      { numRuns: runs(200) },
    );
  });

  it('finds a key in PEM however its lines are set', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const account = JSON.stringify({ type: 'service_account', private_key: privateKey });
    const escaped = privateKey.replaceAll('\n', String.raw`\n`);
    for (const KEY of [privateKey, escaped, account, `${publicKey}${privateKey}${publicKey}`]) {
      for (const text of [
        privateKey,
        privateKey.replaceAll(/^/gm, '    '),
        privateKey.replaceAll('\n', ' '),
      ]) {
        assert.deepEqual(foundIn(Buffer.from(text), { KEY }, 50), ['KEY']);
      }
      assert.deepEqual(foundIn(Buffer.from(publicKey), { KEY }, 50), []);
    }
  });

  it('does not look for what is too short to be meant', () => {
    assert.deepEqual(needlesOf({ SHORT: 'seven77', SPACED: '  seven77  ' }), []);
    assert.deepEqual(foundIn(Buffer.from('eight888'), { SHORT: 'seven77', LONG: 'eight888' }, 3), ['LONG']);
  });
});
