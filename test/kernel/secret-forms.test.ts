import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { base64Cores, textForms } from '../../src/kernel/secret-forms.ts';
import { runs } from '../support/runs.ts';

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
    assert.deepEqual(textForms('a"b/c'), ['a"b/c', 'a%22b%2Fc', 'a%22b%2fc', String.raw`a\"b/c`]);
    assert.deepEqual(textForms('plain'), ['plain']);
    const odd = String.raw`it's "odd" \ here`;
    assert.ok(
      textForms(odd).some((form) => inspect(odd).includes(form)),
      'as Node and Python show it',
    );
    const both = String.raw`it's "odd" ${'`'} \ here`;
    assert.ok(
      textForms(both).some((form) => inspect(both).includes(form)),
      'as Perl does too',
    );
  });

  it('are those in which bash shows a variable or a command that it traces', () => {
    const secret = fc.stringMatching(/^[ -~]{7,13}[a-z]$/);
    fc.assert(
      fc.property(secret, (value) => {
        const script =
          'declare -p S; echo; export -p | grep -F " S="; echo "${S@Q}"; printf "%q\n" "$S"; set -x; : "$S x"';
        const { stdout, stderr } = spawnSync('bash', ['-c', script], {
          env: { ...process.env, S: value },
          encoding: 'utf8',
        });
        const forms = textForms(value);
        const lines = `${stdout}${stderr}`.split('\n').filter(Boolean);
        assert.equal(lines.length, 5);
        for (const line of lines) {
          assert.ok(
            forms.some((form) => line.includes(form)),
            `${line} holds none of ${forms.join(' ')}`,
          );
        }
      }),
      { numRuns: runs(25) },
    );
  });
});
