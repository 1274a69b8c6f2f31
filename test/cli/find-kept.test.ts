import assert from 'node:assert/strict';
import { findKept } from '../../src/cli/find-kept.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { testSession } from './test-session.ts';

const layerOf = (text: string) => ({
  role: 'source' as const,
  mediaType: MEDIA_TYPE.layerGzip,
  digest: digestOf(text),
  diffId: parseDiffId(digestOf(text)),
  size: text.length,
});

describe('findKept', () => {
  it('tells those that are there; what cannot be asked counts as new', async () => {
    const target = {
      hasBlob: async ({ digest }: { readonly digest: string }): Promise<boolean> => {
        if (digest === digestOf('b')) throw new PreheatError('no answer', { phase: 'observe' });
        return digest === digestOf('a');
      },
    };
    const kept = await findKept(['a', 'b', 'c'].map(layerOf), target, testSession());
    assert.deepEqual([...kept], [digestOf('a')]);
  });

  it('ends with the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const target = {
      hasBlob: async (): Promise<boolean> => {
        throw new Error('aborted');
      },
    };
    await assert.rejects(findKept([layerOf('a')], target, testSession({ signal })), /enough/);
  });
});
