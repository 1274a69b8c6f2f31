import assert from 'node:assert/strict';
import { parseLoaderListing } from '../../../src/adapters/toolbox/loader-listing.ts';

describe('parseLoaderListing', () => {
  it('reads libraries with their paths, without loader and kernel object', () => {
    const text = [
      '\tlinux-vdso.so.1 (0x00007fae6555e000)',
      '\tlibacl.so.1 => /lib/x86_64-linux-gnu/libacl.so.1 (0x00007fae654bf000)',
      '\tlibodd.so => /opt/my libs/libodd.so (0x00007fae654bf000)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007fae65560000)',
      '',
    ].join('\n');
    assert.deepEqual(parseLoaderListing(text), [
      { name: 'libacl.so.1', path: '/lib/x86_64-linux-gnu/libacl.so.1' },
      { name: 'libodd.so', path: '/opt/my libs/libodd.so' },
    ]);
  });

  it('refuses a library that was not found', () => {
    assert.throws(() => parseLoaderListing('\tlibx.so => not found'), /libx\.so is not found/);
  });
});
