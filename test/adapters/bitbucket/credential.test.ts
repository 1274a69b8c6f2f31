import assert from 'node:assert/strict';
import { authorizationOf, type BitbucketCredential } from '../../../src/adapters/bitbucket/credential.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import { basic, forgeAt, startFake, STATUS, TOKEN } from './world.ts';

describe('a credential for Bitbucket', () => {
  const credentials: readonly [BitbucketCredential, string][] = [
    [{ kind: 'bearer', token: `${TOKEN}\n` }, `Bearer ${TOKEN}`],
    [{ kind: 'basic', email: ' dev@example.org ', token: TOKEN }, basic('dev@example.org', TOKEN)],
    [{ kind: 'app-password', username: 'dev', password: `${TOKEN}\n` }, basic('dev', TOKEN)],
  ];
  for (const [credential, header] of credentials)
    it(`of the kind ${credential.kind} makes a header, whose secret is masked`, () => {
      const redactor = createRedactor();
      assert.equal(authorizationOf(credential, redactor), header);
      assert.ok(!redactor.redact(`curl said ${header}, ${TOKEN}`).includes(TOKEN));
      assert.ok(!redactor.redact(header).includes(header.split(' ')[1] ?? ''));
    });

  it('of the kind app-password is taken by Bitbucket', async () => {
    await using fake = await startFake();
    const credential = { kind: 'app-password', username: 'dev', password: TOKEN } as const;
    await forgeAt(fake, { credential }).setStatus(STATUS, { signal: new AbortController().signal });
    assert.equal(fake.requests[0]?.headers.authorization, basic('dev', TOKEN));
  });
});
