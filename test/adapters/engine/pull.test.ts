import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { CredentialSource } from '../../../src/oci/credential-source.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import { repositoryWriter } from '../../support/base-image.ts';
import { bareDocker, connectTestEngine, fileEntry, patience, uniqueName } from '../../support/engine.ts';
import { engineStore } from '../../support/engine-store.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from '../../support/registry.ts';

const quiet = { ...patience(), onProgress: (): void => {} };
const asBuilder: CredentialSource = { credentialsFor: async () => ACCOUNT };

/** An image that only the registry has, because its layer is new. */
async function pushNewImage(
  registry: TestRegistry,
): Promise<{ readonly name: string; readonly digest: string }> {
  const repository = `team/${uniqueName('preheat-test')}`;
  const noise = randomBytes(300_000).toString('base64');
  const layer = Buffer.concat(await Array.fromAsync(tarOf([fileEntry('noise', noise)])));
  const { digest } = await repositoryWriter(registry.host, repository, ACCOUNT).image(
    { layers: [layer] },
    '1',
  );
  return { name: `${registry.host}/${repository}:1`, digest };
}

describe('images from a registry with a password', () => {
  let registry: TestRegistry;
  let image: { readonly name: string; readonly digest: string };
  const pulled = new Set<string>();

  before(async () => {
    registry = await startRegistry({ password: true });
    image = await pushNewImage(registry);
  });

  afterEach(async () => {
    for (const id of pulled) await bareDocker().getImage(id).remove({ force: true });
    pulled.clear();
  });

  after(async () => {
    await registry[Symbol.asyncDispose]();
  });

  it('are pulled by digest with the credentials of that registry, telling how far it is', async () => {
    const asked: string[] = [];
    const credentials: CredentialSource = {
      async credentialsFor(host) {
        asked.push(host);
        return ACCOUNT;
      },
    };
    const { engine } = connectTestEngine({ credentials });
    const told: string[] = [];
    const onProgress = (detail: string): unknown => told.push(detail);
    const wanted = { reference: image.name, digest: image.digest, source: 'registry' } as const;
    const id = await engine.provideImage(wanted, { ...patience(), onProgress });
    pulled.add(id);
    assert.match(id, /^sha256:/);
    assert.deepEqual(asked, [registry.host]);
    assert.equal(told[0], `pulling ${image.name}`);
    // Containerd's store tells sizes of what takes longer only.
    if ((await engineStore()) === 'docker') assert.match(told.at(-1) ?? '', / [34]\d\d kB of [34]\d\d kB$/);
    assert.equal(new Set(told).size, told.length);
  });

  it('are not pulled again, whatever name the reference has', async () => {
    const { engine } = connectTestEngine({ credentials: asBuilder });
    const wanted = { reference: image.name, digest: image.digest, source: 'registry' } as const;
    const id = await engine.provideImage(wanted, quiet);
    pulled.add(id);
    await registry.takeRequests();
    const unwanted = { ...patience(), onProgress: assert.fail };
    assert.equal(await engine.provideImage(wanted, unwanted), id);
    const elsewhere = { ...wanted, reference: 'registry.invalid/other/name:2' };
    assert.equal(await engine.provideImage(elsewhere, unwanted), id);
    assert.deepEqual(await registry.takeRequests(), []);
  });

  it('are pulled by tag or digest for a workspace', async () => {
    const { workspaceImages, localImages } = connectTestEngine({ credentials: asBuilder });
    const byTag = await workspaceImages.pull(image.name, quiet);
    pulled.add(byTag);
    const byDigest = await workspaceImages.pull(`${image.name}@${image.digest}`, quiet);
    assert.equal(byTag, byDigest);
    assert.equal((await localImages.find(image.name, patience()))?.fromRegistry, true);
  });

  it('are refused to others, and that is told', async () => {
    for (const credentials of [
      { credentialsFor: async () => undefined },
      { credentialsFor: async () => ({ username: 'builder', password: 'wrong' }) },
    ]) {
      const { workspaceImages } = connectTestEngine({ credentials });
      await assert.rejects(workspaceImages.pull(image.name, quiet), (thrown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.deepEqual([thrown.phase, thrown.code], ['start', 'unauthorized'], thrown.message);
        assert.match(thrown.hint ?? '', /docker login/);
        return true;
      });
    }
  });

  it('that are missing there are told', async () => {
    const { engine } = connectTestEngine({ credentials: asBuilder });
    const digest = `sha256:${'1'.repeat(64)}`;
    const wanted = { reference: image.name, digest, source: 'registry' } as const;
    await assert.rejects(engine.provideImage(wanted, quiet), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.deepEqual([thrown.phase, thrown.code], ['build', 'not-found'], thrown.message);
      return true;
    });
  });

  it('are not pulled from where no registry is', async () => {
    const { workspaceImages } = connectTestEngine();
    await assert.rejects(workspaceImages.pull('127.0.0.1:1/none/here:1', quiet), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.deepEqual([thrown.code, thrown.retryable], ['unreachable', true], thrown.message);
      return true;
    });
  });
});
