import assert from 'node:assert/strict';
import { digestOf } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { parsePlatform, type Platform } from '../../src/oci/platform.ts';
import { readImageManifest } from '../../src/oci/read-image-manifest.ts';

interface Listed {
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Which member of an index is read for a platform. */
async function chosenOf(members: readonly Listed[], wanted?: string): Promise<number> {
  const blob = { mediaType: MEDIA_TYPE.config, digest: digestOf('config'), size: 6 };
  const images = members.map((_, at) =>
    Buffer.from(JSON.stringify({ schemaVersion: 2, config: { ...blob, size: at }, layers: [] })),
  );
  const manifests = images.map((bytes, at) => ({
    mediaType: MEDIA_TYPE.manifest,
    digest: digestOf(bytes),
    size: bytes.length,
    ...members[at],
  }));
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests }));
  const fetch = async (name: string) =>
    name === '1' ? index : images.find((bytes) => digestOf(bytes) === name);
  const platform = wanted === undefined ? undefined : parsePlatform(wanted);
  const found = await readImageManifest(fetch, 'an image', '1', platform);
  return found?.manifest.config.size ?? -1;
}

const on = (text: string): Listed => {
  const [os = '', architecture = '', variant] = text.split('/');
  return { platform: { os, architecture, ...(variant && { variant }) } };
};
const ATTESTATION = {
  ...on('unknown/unknown'),
  annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
};

describe('readImageManifest of an index', () => {
  it('takes the member for the platform, never an attestation', async () => {
    const members = [ATTESTATION, on('linux/arm64/v8'), on('linux/amd64'), ATTESTATION];
    assert.equal(await chosenOf(members, 'linux/amd64'), 2);
    assert.equal(await chosenOf(members, 'linux/arm64'), 1);
    assert.equal(await chosenOf(members), 1);
  });

  it('takes the highest variant that runs there', async () => {
    const members = [on('linux/amd64/v4'), on('linux/amd64'), on('linux/amd64/v3'), on('linux/amd64/v2')];
    assert.equal(await chosenOf(members, 'linux/amd64'), 1);
    assert.equal(await chosenOf(members, 'linux/amd64/v3'), 2);
  });

  it('takes an only image that does not tell its platform', async () => {
    assert.equal(await chosenOf([ATTESTATION, {}], 'linux/amd64'), 1);
    await assert.rejects(chosenOf([{}, {}], 'linux/amd64'), /it has no image for linux\/amd64/);
  });

  it('names the platforms that there are', async () => {
    await assert.rejects(chosenOf([on('linux/arm64'), on('linux/amd64/v3'), ATTESTATION], 'linux/amd64'), {
      phase: 'observe',
      message: 'cannot use an image: it has no image for linux/amd64, only for linux/arm64, linux/amd64/v3',
    });
    await assert.rejects(chosenOf([ATTESTATION], 'linux/amd64'), /only for none/);
  });
});
