import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatReference, parseReference } from '../../src/oci/reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseReference', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['node', 'docker.io/library/node:latest'],
    ['node:24-bookworm', 'docker.io/library/node:24-bookworm'],
    ['gitpod/workspace-full', 'docker.io/gitpod/workspace-full:latest'],
    ['index.docker.io/library/node:1', 'docker.io/library/node:1'],
    ['localhost/x', 'localhost/x:latest'],
    ['localhost:5000/x/y:1.2', 'localhost:5000/x/y:1.2'],
    ['127.0.0.1:5000/x', '127.0.0.1:5000/x:latest'],
    ['[::1]:5000/x', '[::1]:5000/x:latest'],
    ['Example.org/x', 'example.org/x:latest'],
    [`ghcr.io/a/b@${DIGEST}`, `ghcr.io/a/b@${DIGEST}`],
    [`ghcr.io/a/b:1@${DIGEST}`, `ghcr.io/a/b:1@${DIGEST}`],
    ['a__b/c-d--e.f', 'docker.io/a__b/c-d--e.f:latest'],
  ];
  for (const [written, full] of cases) {
    it(`reads ${written}`, () => assert.equal(formatReference(parseReference(written)), full));
  }

  const wrong = [
    '',
    'Node',
    'a//b',
    'a/',
    '/a',
    'a:',
    'a:b c',
    'a@sha256:12',
    `a@${DIGEST}@${DIGEST}`,
    'a___b',
    '-a',
    'a.:b/c',
  ];
  for (const written of wrong) {
    it(`refuses ${JSON.stringify(written)}`, () => assert.throws(() => parseReference(written), RangeError));
  }

  it('reads what it wrote', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const written = fc.tuple(part, part, part).map(([host, path, tag]) => `${host}.org/${path}:${tag}`);
    fc.assert(fc.property(written, (text) => assert.equal(formatReference(parseReference(text)), text)));
  });

  it('throws nothing but RangeError, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseReference(text);
        } catch (thrown) {
          assert.ok(thrown instanceof RangeError);
        }
      }),
    );
  });
});
