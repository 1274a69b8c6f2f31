import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeRegistryConfig } from '../../../src/adapters/oras/registry-config.ts';

const signal = new AbortController().signal;

describe('writeRegistryConfig', () => {
  it('writes credentials that only this user can read, and removes them', async () => {
    const given = new Map([
      ['ghcr.io', { username: 'anna', password: 'pass:word' }],
      ['docker.io', { username: '<token>', password: 'identity' }],
    ]);
    const source = { credentialsFor: async (registry: string) => given.get(registry) };
    const config = await writeRegistryConfig(['ghcr.io', 'docker.io', 'quay.io', 'ghcr.io'], source, {
      signal,
    });
    assert.equal((await stat(config.path)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(config.path))).mode & 0o777, 0o700);
    assert.deepEqual(JSON.parse(await readFile(config.path, 'utf8')), {
      auths: {
        'ghcr.io': { auth: Buffer.from('anna:pass:word').toString('base64') },
        'https://index.docker.io/v1/': { identitytoken: 'identity' },
      },
    });
    await config[Symbol.asyncDispose]();
    assert.equal(existsSync(dirname(config.path)), false);
  });

  it("keeps Docker Hub's under the one name by which oras looks, however the registry is written", async () => {
    const source = { credentialsFor: async () => ({ username: 'anna', password: 'secret' }) };
    await using config = await writeRegistryConfig(['registry-1.docker.io'], source, { signal });
    const { auths } = JSON.parse(await readFile(config.path, 'utf8'));
    assert.deepEqual(Object.keys(auths), ['https://index.docker.io/v1/']);
  });
});
