import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import { contentStoreContract, type StoreUnderTest } from '../../contract/content-store.ts';
import { testOras } from '../../support/oras.ts';
import { ACCOUNT, startRegistry } from '../../support/registry.ts';

contentStoreContract('registry', () => openStore(false));
contentStoreContract('registry with a password', () => openStore(true));

async function openStore(password: boolean): Promise<StoreUnderTest> {
  const registry = await startRegistry({ password });
  const { host } = registry;
  const oras = testOras(password ? { credentials: { credentialsFor: async () => ACCOUNT } } : {});
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;
  return {
    store: openRegistryStore({ kind: 'registry', registry: host, repository: 'team/workspace' }, oras),
    async putManifest(tagOrDigest, mediaType, body) {
      const url = `http://${host}/v2/team/workspace/manifests/${tagOrDigest}`;
      const headers = { 'content-type': mediaType, authorization };
      const answer = await fetch(url, { method: 'PUT', headers, body: Buffer.from(body) });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}
