import { openDirectRegistry } from '../../../../src/adapters/oras/direct/open-direct-registry.ts';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { contentStoreContract, type StoreUnderTest } from '../../../contract/content-store.ts';
import { BASIC, builder, nobody } from '../../../support/direct.ts';
import { startFaultProxy } from '../../../support/fault-proxy.ts';
import { testOras } from '../../../support/oras.ts';
import { startRegistry } from '../../../support/registry.ts';
import { tokenGate } from '../../../support/token-gate.ts';

const KINDS = ['open', 'with a password', 'behind tokens'] as const;

for (const kind of KINDS) contentStoreContract(`registry ${kind}, asked directly`, () => openStore(kind));

async function openStore(kind: (typeof KINDS)[number]): Promise<StoreUnderTest> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry({ password: kind === 'with a password' }));
  const proxy = stack.use(await startFaultProxy(registry.host));
  if (kind === 'behind tokens') {
    const gate = tokenGate(proxy.host, { expireAt: () => false, times: 0 });
    proxy.intercept = gate.intercept;
  }
  const credentials = kind === 'open' ? nobody : builder;
  const oras = testOras({ credentials, direct: openDirectRegistry({ credentials, environment: {} }) });
  const owned = stack.move();
  return {
    store: openRegistryStore({ kind: 'registry', registry: proxy.host, repository: 'team/workspace' }, oras),
    async putManifest(tagOrDigest, mediaType, body) {
      const url = `http://${registry.host}/v2/team/workspace/manifests/${tagOrDigest}`;
      const headers = { 'content-type': mediaType, authorization: BASIC };
      const answer = await fetch(url, { method: 'PUT', headers, body: Buffer.from(body) });
      if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
