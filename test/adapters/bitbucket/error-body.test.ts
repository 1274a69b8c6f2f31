import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readErrorBody } from '../../../src/adapters/bitbucket/error-body.ts';

describe('error body', () => {
  const cases: readonly [string, string, string, readonly string[]][] = [
    ['the usual shape', '{"type":"error","error":{"message":"Not found"}}', 'Not found', []],
    [
      'its detail',
      '{"type":"error","error":{"message":"Bad","detail":"key is missing"}}',
      'Bad (key is missing)',
      [],
    ],
    [
      'the scopes in its detail',
      '{"type":"error","error":{"message":"Lacks scopes","detail":{"required":["repository"],"granted":[]}}}',
      'Lacks scopes',
      ['repository'],
    ],
    ['the shape of Code Insights', '{"code":400,"message":"Too many"}', 'Too many', []],
    [
      'the title of a page',
      '<html><head><title> 502\n Bad </title></head><body>x</body></html>',
      '502 Bad',
      [],
    ],
    [
      'the words of a page',
      '<style>p{}</style><p>Down for <b>repair</b></p><script>alert(1)</script>',
      'Down for repair',
      [],
    ],
    ['plain text', 'upstream\r\nconnect error', 'upstream connect error', []],
    ['JSON of another shape', '[1]', '[1]', []],
    ['nothing', '', '', []],
  ];
  for (const [name, body, message, requiredScopes] of cases) {
    it(`tells ${name}`, () => assert.deepEqual(readErrorBody(body), { message, requiredScopes }));
  }

  it('is one short line without control characters, whatever came', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 900 }).map((bytes) => Buffer.from(bytes).toString()),
      fc.json(),
    );
    fc.assert(
      fc.property(body, (text) => {
        const { message } = readErrorBody(text);
        assert.ok(message.length <= 300);
        assert.doesNotMatch(message, /\p{Cc}/u);
      }),
    );
  });

  it('is read in no time from a hostile page', function () {
    this.timeout(10_000);
    readErrorBody('<script '.repeat(8_000));
    readErrorBody('<title'.repeat(10_000));
    readErrorBody('<'.repeat(64 * 1024));
  });
});
