import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readlink, stat } from 'node:fs/promises';
import { execa } from 'execa';
import { writeRegistryConfig } from '../../../src/adapters/oras/registry-config.ts';

const options = { signal: new AbortController().signal, phase: 'observe' } as const;

describe('writeRegistryConfig', () => {
  it('writes credentials that only this user can read, and removes them', async () => {
    const given = new Map([
      ['ghcr.io', { username: 'anna', password: 'pass:word' }],
      ['docker.io', { username: '<token>', password: 'identity' }],
    ]);
    const source = { credentialsFor: async (registry: string) => given.get(registry) };
    const registries = ['ghcr.io', 'docker.io', 'quay.io', 'ghcr.io'];
    const config = await writeRegistryConfig(registries, source, options);
    assert.equal((await stat(config.path)).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(await readFile(config.path, 'utf8')), {
      auths: {
        'ghcr.io': { auth: Buffer.from('anna:pass:word').toString('base64') },
        'https://index.docker.io/v1/': { identitytoken: 'identity' },
      },
    });
    await config[Symbol.asyncDispose]();
    assert.equal(existsSync(config.path), false);
  });

  it("keeps Docker Hub's under the one name by which oras looks, however the registry is written", async () => {
    const source = { credentialsFor: async () => ({ username: 'anna', password: 'secret' }) };
    await using config = await writeRegistryConfig(['registry-1.docker.io'], source, options);
    const { auths } = JSON.parse(await readFile(config.path, 'utf8'));
    assert.deepEqual(Object.keys(auths), ['https://index.docker.io/v1/']);
  });

  it('leaves no file with a name that an end by kill -9 would leave', async () => {
    const source = { credentialsFor: async () => ({ username: 'anna', password: 'secret' }) };
    await using config = await writeRegistryConfig(['quay.io'], source, options);
    // Two readers, as the two sides of a copy are.
    for (const reader of [1, 2]) {
      const { stdout } = await execa('cat', [config.path]);
      assert.match(stdout, /"quay.io"/, `reader ${reader}`);
    }
    assert.match(await readlink(config.path), / \(deleted\)$/);
  });
});
