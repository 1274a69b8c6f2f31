import assert from 'node:assert/strict';
import type { Wanted } from '../../../../src/adapters/oras/direct/direct-registry.ts';
import type { Oras } from '../../../../src/adapters/oras/oras.ts';
import { questionCall } from '../../../../src/adapters/oras/question-call.ts';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { digestOf } from '../../../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../../../src/oci/media-types.ts';
import { answer, orasWithoutProgram, startScripted } from '../../../support/direct.ts';
import { testOras } from '../../../support/oras.ts';
import { startRegistry } from '../../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../../support/staged-image.ts';

/** What a call answers, descriptors as what they say. */
async function askBy(oras: Oras, registry: string, wanted: Wanted, repository = 'a/b'): Promise<unknown> {
  const call = { ...questionCall({ registry, repository, wanted }), doing: 'ask', phase: 'observe' } as const;
  const bytes = await oras.run(call, { signal: testSignal() });
  const text = bytes && Buffer.from(bytes).toString('latin1');
  return text !== undefined && wanted.kind !== 'tags' && wanted.of === 'descriptor' ? JSON.parse(text) : text;
}

function bothOf(kind: 'manifest' | 'blob', reference: string): readonly Wanted[] {
  return [
    { kind, reference, of: 'content' },
    { kind, reference, of: 'descriptor' },
  ];
}

describe('the direct way answers as oras does', () => {
  it('to every kind of question, without starting it', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const program = testOras();
    const direct = orasWithoutProgram();
    const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
    const { manifest, descriptor } = await stageImage(staged.staging, 'v1', [noise(1, 20_000)]);
    await openRegistryStore(location, program).upload(staged.staging.directory, 'v1', {
      signal: testSignal(),
    });
    // The end of a line is a part of what a digest covers.
    const index = `${JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [descriptor] })}\n`;
    const put = await fetch(`http://${registry.host}/v2/a/b/manifests/multi`, {
      method: 'PUT',
      headers: { 'content-type': MEDIA_TYPE.index },
      body: index,
    });
    assert.equal(put.status, 201);
    const absent = digestOf('absent');
    const manifests = ['v1', descriptor.digest, 'multi', digestOf(index), 'absent', absent];
    const blobs = [manifest.config.digest, manifest.layers[0]?.digest ?? '', absent];
    const questions: readonly Wanted[] = [
      ...manifests.flatMap((reference) => bothOf('manifest', reference)),
      ...blobs.flatMap((reference) => bothOf('blob', reference)),
      { kind: 'tags' },
    ];
    let found = 0;
    for (const wanted of questions)
      for (const repository of ['a/b', 'not/there']) {
        const expected = await askBy(program, registry.host, wanted, repository);
        const asked = `${JSON.stringify(wanted)} of ${repository}`;
        assert.deepEqual(await askBy(direct, registry.host, wanted, repository), expected, asked);
        if (expected !== undefined) found++;
      }
    assert.equal(found, 13);
    const stored = openRegistryStore(location, program).readManifest(digestOf(index), {
      signal: testSignal(),
    });
    assert.deepEqual((await stored)?.manifest, manifest);
  });

  it('and asks with the same words, for which a registry may have more than for others', async () => {
    await using server = await startScripted(() => answer(404));
    const wanted = { kind: 'manifest', reference: 'v1', of: 'descriptor' } as const;
    for (const oras of [testOras(), orasWithoutProgram()]) await askBy(oras, server.host, wanted);
    const [first, second] = server.requests.map(({ method, url, headers: { accept } }) => ({
      method,
      url,
      accept,
    }));
    assert.ok(first?.accept?.includes('application/vnd.oci.image.index.v1+json'));
    assert.deepEqual(second, first);
  });
});
