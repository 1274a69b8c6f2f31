import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readArchivedFile } from '../../../src/adapters/engine/read-archived-file.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import { fileEntry, streamOf } from '../../support/engine.ts';
import { cut } from './frames.ts';

describe('readArchivedFile', () => {
  it('reads the first file, with or without pax headers, however the tar is cut', async () => {
    const name = fc.constantFrom('passwd', 'ü', 'n'.repeat(300));
    const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(name, fc.string({ maxLength: 2000 }), lengths, async (path, content, chunks) => {
        const entries = [
          fileEntry(Buffer.from(path).toString('latin1'), content),
          fileEntry('other', 'other'),
        ];
        const tar = Buffer.concat(await Array.fromAsync(tarOf(entries)));
        const read = await readArchivedFile(streamOf(...cut(tar, chunks)));
        assert.equal(Buffer.from(read ?? []).toString(), content);
      }),
    );
  });

  it('gives nothing for a folder or a link', async () => {
    const plain = { mode: 0o777, uid: 0, gid: 0, mtime: 1, size: 0 };
    for (const entry of [
      { ...plain, path: 'folder', kind: 'directory' as const },
      { ...plain, path: 'link', kind: 'symlink' as const, target: 'folder' },
    ]) {
      assert.equal(await readArchivedFile(tarOf([entry, fileEntry('after', 'x')])), undefined);
    }
  });

  it('reads no further than the file, and ends the stream', async () => {
    let ended = false;
    const tar = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* tarOf([fileEntry('first', 'first')], { end: false });
        assert.fail('it read on');
      } finally {
        ended = true;
      }
    };
    assert.equal(Buffer.from((await readArchivedFile(tar())) ?? []).toString(), 'first');
    assert.ok(ended);
  });

  it('throws where the tar is cut off or the file is too large', async () => {
    const tar = Buffer.concat(await Array.fromAsync(tarOf([fileEntry('file', 'content')])));
    await assert.rejects(readArchivedFile(streamOf(tar.subarray(0, 515))), RangeError);
    await assert.rejects(readArchivedFile(streamOf(tar.subarray(0, 100))), RangeError);
    tar.write('00777777777', 124, 'latin1');
    await assert.rejects(readArchivedFile(streamOf(tar)), /more than 67108864 bytes/);
  });
});
