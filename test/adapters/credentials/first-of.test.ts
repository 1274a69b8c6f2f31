import assert from 'node:assert/strict';
import { firstOf } from '../../../src/adapters/credentials/first-of.ts';
import type { CredentialSource } from '../../../src/oci/credential-source.ts';
import { createGivenSource } from '../../../src/adapters/credentials/given-source.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';

const { signal } = new AbortController();
const pair = (username: string) => ({ username, password: `${username}-secret` });

/** A source that knows some registries, and notes what it was asked. */
function knows(registries: readonly string[], username: string) {
  const asked: string[] = [];
  const source: CredentialSource = {
    credentialsFor: async (registry) => {
      asked.push(registry);
      return registries.includes(registry) ? pair(username) : undefined;
    },
  };
  return { asked, source };
}

describe('a chain of sources', () => {
  it('takes the first answer, and asks no further', async () => {
    const [first, second] = [knows(['a.example'], 'first'), knows(['a.example', 'b.example'], 'second')];
    const chain = firstOf([first.source, second.source]);
    assert.deepEqual(await chain.credentialsFor('a.example', { signal }), pair('first'));
    assert.deepEqual(await chain.credentialsFor('b.example', { signal }), pair('second'));
    assert.equal(await chain.credentialsFor('c.example', { signal }), undefined);
    assert.deepEqual(second.asked, ['b.example', 'c.example']);
  });

  it('does not pass over a source that fails', async () => {
    const failing: CredentialSource = { credentialsFor: () => Promise.reject(new Error('no token')) };
    const chain = firstOf([failing, knows(['a.example'], 'second').source]);
    await assert.rejects(chain.credentialsFor('a.example', { signal }), { message: 'no token' });
  });
});

describe('given credentials', () => {
  it('are for their registry alone, port included, and masked from the start', async () => {
    const redactor = createRedactor();
    const source = createGivenSource({ registry: 'a.example:5000', ...pair('ci') }, redactor);
    assert.equal(redactor.redact('ci-secret'), '********');
    assert.deepEqual(await source.credentialsFor('a.example:5000', { signal }), pair('ci'));
    for (const other of ['a.example', 'b.a.example:5000', 'docker.io'])
      assert.equal(await source.credentialsFor(other, { signal }), undefined);
  });
});
