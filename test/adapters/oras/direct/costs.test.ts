import assert from 'node:assert/strict';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { answer, askAbout, orasWithoutProgram, startScripted, textOf } from '../../../support/direct.ts';
import { testOras } from '../../../support/oras.ts';
import { startRegistry } from '../../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../../support/staged-image.ts';

describe('what a registry is asked directly', () => {
  it('says who asks', async () => {
    await using registry = await startScripted(() => answer(404));
    const wanted = { kind: 'manifest', reference: 'v1', of: 'content' } as const;
    assert.equal(textOf(await askAbout(registry.host, wanted)), 'absent');
    assert.equal(registry.requests[0]?.headers['user-agent'], 'preheat');
  });

  it('one request for each question, two to give a tag and one more for each further tag', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const signal = testSignal();
    const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
    const image = await stageImage(staged.staging, 'v1', [noise(1, 20_000)]);
    await openRegistryStore(location, testOras()).upload(staged.staging.directory, 'v1', { signal });
    await registry.takeRequests();
    const store = openRegistryStore(location, orasWithoutProgram());
    const { config } = image.manifest;
    const { digest } = image.descriptor;
    const costs = [
      [() => store.resolve('v1', { signal }), ['HEAD 200']],
      [() => store.resolve('absent', { signal }), ['HEAD 404']],
      [() => store.readManifest('v1', { signal }), ['GET 200']],
      [() => store.readManifest('absent', { signal }), ['GET 404']],
      [() => store.readBlob(config, { signal }), ['GET 200']],
      [() => store.hasBlob(config, { signal }), ['HEAD 200']],
      [() => store.listTags({ signal }), ['GET 200']],
      [() => store.tag(digest, ['v2'], { signal }), ['GET 200', 'PUT 201']],
      [() => store.tag(digest, ['v3', 'v4'], { signal }), ['GET 200', 'PUT 201', 'PUT 201']],
    ] as const;
    for (const [ask, expected] of costs) {
      await ask();
      const asked = (await registry.takeRequests()).map(({ method, status }) => `${method} ${status}`);
      assert.deepEqual(asked, expected, String(ask));
    }
    assert.deepEqual((await store.listTags({ signal })).toSorted(), ['v1', 'v2', 'v3', 'v4']);
  });
});
