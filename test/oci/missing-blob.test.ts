import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { findMissingBlob } from '../../src/oci/missing-blob.ts';

const options = { signal: new AbortController().signal };
const BLOBS = Array.from({ length: 20 }, (_, at): Descriptor => ({
  mediaType: MEDIA_TYPE.layer,
  digest: digestOf(`blob ${at}`),
  size: at,
}));

/** A store without some blobs; the later a blob stands, the sooner it is answered for. */
function storeWithout(...places: readonly number[]) {
  const lacking = new Set(places.map((at) => BLOBS[at]?.digest));
  let asked = 0;
  let most = 0;
  return {
    most: () => most,
    async hasBlob({ digest, size }: Descriptor): Promise<boolean> {
      most = Math.max(most, ++asked);
      await sleep(BLOBS.length - size);
      asked--;
      return !lacking.has(digest);
    },
  };
}

describe('findMissingBlob', () => {
  it('finds nothing where all are there, and asks for several at a time', async () => {
    const store = storeWithout();
    assert.equal(await findMissingBlob(BLOBS, store, options), undefined);
    assert.equal(store.most(), 8);
    assert.equal(await findMissingBlob([], store, options), undefined);
  });

  it('gives the first of those that are missing, whichever is answered first', async () => {
    assert.equal(await findMissingBlob(BLOBS, storeWithout(6, 4, 19), options), BLOBS[4]?.digest);
  });

  it('fails with the first failure, and leaves no question open', async () => {
    let open = 0;
    const hasBlob = async ({ size }: Descriptor, { signal }: { readonly signal: AbortSignal }) => {
      if (size === 3) throw new Error('the registry burns');
      open++;
      await sleep(60_000, undefined, { signal }).finally(() => open--);
      return true;
    };
    await assert.rejects(findMissingBlob(BLOBS, { hasBlob }, options), /the registry burns/);
    await sleep(10);
    assert.equal(open, 0);
  });
});
