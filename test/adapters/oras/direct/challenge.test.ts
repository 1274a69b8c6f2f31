import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseChallenge } from '../../../../src/adapters/oras/direct/challenge.ts';
import { runs } from '../../../support/runs.ts';

const value = fc.string({ unit: fc.constantFrom(...Array.from('azAZ09 :/,=.?&-_%')), maxLength: 40 });
const optional = fc.option(value, { nil: undefined });

describe('parseChallenge', () => {
  it('reads back the parameters of a bearer challenge, in whatever order and among others', () => {
    const bearer = fc.record({ realm: value, service: optional, scope: optional });
    const spelling = fc.constantFrom('Bearer', 'bearer', 'BEARER');
    fc.assert(
      fc.property(bearer, spelling, fc.boolean(), (parameters, scheme, isReversed) => {
        const entries = Object.entries({ ...parameters, error: 'invalid_token' });
        const written = (isReversed ? entries.toReversed() : entries)
          .filter(([, text]) => text !== undefined)
          .map(([name, text]) => `${name}="${text}"`)
          .join(isReversed ? ',' : ' , ');
        assert.deepEqual(parseChallenge(`${scheme} ${written}`), { kind: 'bearer', ...parameters });
      }),
      { numRuns: runs(100) },
    );
  });

  it('reads what registries send', () => {
    assert.deepEqual(parseChallenge('Basic realm="test, of = signs"'), { kind: 'basic' });
    assert.deepEqual(parseChallenge('basic'), { kind: 'basic' });
    const header =
      'Bearer realm="https://auth.example.org/token",service="registry.example.org",scope="repository:a/b:pull,push"';
    assert.deepEqual(parseChallenge(header), {
      kind: 'bearer',
      realm: 'https://auth.example.org/token',
      service: 'registry.example.org',
      scope: 'repository:a/b:pull,push',
    });
  });

  for (const header of [
    undefined,
    '',
    'Negotiate',
    'Bearer',
    'Bearer service="x"',
    'Bearer realm=https://x',
    'Bearer realm="a\\"b"',
    'Bearer realm="unclosed',
    'Basic YWJjZA==',
    'Basic realm="a", Bearer realm="https://x"',
    'Bearer realm="https://x", Basic realm="a"',
    'Bearer realm="https://x" service="y"',
    '"',
  ])
    it(`knows nothing of ${header}`, () => {
      assert.equal(parseChallenge(header), undefined);
    });

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.doesNotThrow(() => parseChallenge(`Bearer ${text}`));
      }),
      { numRuns: runs(100) },
    );
  });
});
