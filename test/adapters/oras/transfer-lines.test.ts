import assert from 'node:assert/strict';
import { countTransfer } from '../../../src/adapters/oras/transfer-lines.ts';
import { digestOf, shortDigest } from '../../../src/oci/digest.ts';
import type { Manifest } from '../../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../../src/oci/media-types.ts';

const blob = (content: string, size: number) => ({
  mediaType: MEDIA_TYPE.layerGzip,
  digest: digestOf(content),
  size,
});
const CONFIG = blob('config', 10);
const LOWER = blob('lower', 2_000);
const UPPER = blob('upper', 300);
const MANIFEST: Manifest = { schemaVersion: 2, config: CONFIG, layers: [LOWER, UPPER, LOWER] };

function line(status: string, { digest }: { readonly digest: typeof CONFIG.digest }): string {
  return `${status} ${shortDigest(digest)} ${MEDIA_TYPE.layerGzip}`;
}

describe('countTransfer', () => {
  it('counts blobs of the image that oras moved, each once, and neither mounted ones nor manifests', () => {
    const progress: string[] = [];
    const count = countTransfer(MANIFEST, (detail) => progress.push(detail));
    count.onLine(line('Copying', LOWER));
    count.onLine(line('Copying', LOWER));
    count.onLine(line('Copied ', LOWER));
    count.onLine(line('Mounted', UPPER));
    count.onLine(line('Exists ', CONFIG));
    count.onLine(line('Copying', blob('the manifest', 500)));
    count.onLine('Copied [oci-layout] .:v1 => [registry] host/a/b:v1');
    assert.deepEqual(count.total(), { blobs: 1, bytes: 2_000 });
    assert.deepEqual(progress, ['1 of 1 blobs, 2.0 kB']);
  });

  it('counts a blob that arrived in an attempt which broke off before it said so', () => {
    const count = countTransfer(MANIFEST);
    count.onLine(line('Copying', UPPER));
    count.onLine(line('Copying', LOWER));
    count.onLine(line('Copying', LOWER));
    count.onLine(line('Copied ', LOWER));
    assert.deepEqual(count.total(), { blobs: 2, bytes: 2_300 });
  });
});
