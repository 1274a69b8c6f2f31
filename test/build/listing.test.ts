import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { mountsAmongListed, parseListing } from '../../src/build/listing.ts';

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) yield bytes.subarray(at, (at += size));
  yield bytes.subarray(at);
}

describe('parseListing', () => {
  it('reads any path, however the output is cut', async () => {
    const path = fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\0', '_'));
    await fc.assert(
      fc.asyncProperty(fc.array(path), fc.array(fc.nat(40)), async (paths, sizes) => {
        const records = paths.map((name) => ({ stat: 'f 12 1.5 -3.25 644 0 0', path: name }));
        const output = Buffer.from(records.map(({ stat, path }) => `${stat} /${path}\0`).join(''), 'latin1');
        assert.deepEqual(await Array.fromAsync(parseListing(cut(output, sizes))), records);
      }),
    );
  });
});

describe('mountsAmongListed', () => {
  it('leaves out what lies below folders that are never listed', () => {
    assert.deepEqual(mountsAmongListed(['proc', 'proc/bus', 'dev/shm', 'etc/hosts', 'process', 'run/x']), [
      'etc/hosts',
      'process',
    ]);
  });
});
