import assert from 'node:assert/strict';
import { openPrunableRegistry } from '../../../src/adapters/oras/prunable-registry.ts';
import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { failureOf } from '../../support/failure-of.ts';
import { startFaultProxy, type Fault } from '../../support/fault-proxy.ts';
import { testOras } from '../../support/oras.ts';
import { startRegistry } from '../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';

const signal = testSignal();

describe('deleting in a registry', () => {
  const refusals: readonly (readonly [string, Fault, RegExp])[] = [
    [
      'that is switched off',
      answer(405, 'UNSUPPORTED', 'The operation is unsupported.'),
      /storage\.delete\.enabled/,
    ],
    ['without the right to it', answer(403, 'DENIED', 'requested access is denied'), /right to delete/],
    [
      'that deletes nothing with a tag',
      answer(400, 'GOOGLE_MANIFEST_DANGLING_TAG', 'Manifest is still referenced by tag: a'),
      /clean-up policies/,
    ],
  ];
  for (const [how, fault, hint] of refusals)
    it(`says what to do ${how}`, async () => {
      await using registry = await startRegistry();
      await using proxy = await startFaultProxy(registry.host);
      await using staged = await openTestStaging();
      const location = { kind: 'registry', registry: proxy.host, repository: 'team/app' } as const;
      const { descriptor } = await stageImage(staged.staging, 'a', [noise(1, 100)]);
      await openRegistryStore(location, testOras()).upload(staged.staging.directory, 'a', { signal });
      proxy.intercept = ({ method }) => (method === 'DELETE' ? fault : undefined);
      const store = openPrunableRegistry(location, testOras());
      const failure = await failureOf(store.remove(descriptor.digest, { signal }));
      assert.equal(failure.phase, 'publish');
      assert.match(failure.hint ?? '', hint);
      proxy.intercept = () => undefined;
      await store.remove(descriptor.digest, { signal });
      assert.equal(await store.readTagged('a', { signal }), undefined);
      await store.remove(digestOf('nothing'), { signal });
    });
});

function answer(status: number, code: string, message: string): Fault {
  const headers = { 'content-type': 'application/json' };
  return { kind: 'answer', status, headers, body: JSON.stringify({ errors: [{ code, message }] }) };
}
