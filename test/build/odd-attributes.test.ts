import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { withoutOddAttributes } from '../../src/build/odd-attributes.ts';
import { readTar } from '../../src/oci/tar-reader.ts';
import { chunks } from '../support/staged-image.ts';
import { runs } from '../support/runs.ts';

type Attributes = Readonly<Record<string, string>>;

/** A tar of the file `made/file` and its folder with pax records as they are given, written by GNU tar. */
function tarOf(records: Attributes, from = 'made'): Buffer {
  const script = String.raw`
set -e; cd "$(mktemp -d)"; trap 'rm -rf "$PWD"' EXIT
mkdir made; printf 'SCHILY.xattr.user.a---b=content' > made/file
tar --create --format=posix --pax-option="$RECORDS" ${from}`;
  const pax = Object.entries(records).map(([name, value]) => `${name}:=${value}`);
  const env = { ...process.env, RECORDS: ['delete=atime', 'delete=ctime', ...pax].join(',') };
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { env });
  assert.equal(status, 0, stderr.toString());
  // GNU tar takes no = in a keyword; a record's own length stays.
  return Buffer.from(stdout.toString('latin1').replaceAll('user.a---b', 'user.a%3Db'), 'latin1');
}

async function filtered(tar: Buffer, piece: number) {
  const refused: string[] = [];
  const passed = withoutOddAttributes(chunks(tar, piece), (path, name) => refused.push(`${path} ${name}`));
  return { refused, bytes: Buffer.concat(await Array.fromAsync(passed)) };
}

async function recordsIn(
  tar: Buffer,
): Promise<readonly (readonly [path: string, keywords: readonly string[]])[]> {
  const found: (readonly [string, readonly string[]])[] = [];
  for await (const { path, records } of readTar(chunks(tar))) {
    found.push([path, [...records.keys()].filter((keyword) => keyword.startsWith('SCHILY'))]);
  }
  return found;
}

describe('withoutOddAttributes', () => {
  it('turns what would come out under another name into comments, and tells it', async () => {
    const tar = tarOf({
      'SCHILY.xattr.user.a---b': '1',
      'SCHILY.xattr.user.kept': '2',
      'SCHILY.xattr.user.100%': '3',
    });
    const { refused, bytes } = await filtered(tar, 1000);
    assert.deepEqual(refused.toSorted(), [
      'made user.100%',
      'made user.a=b',
      'made/file user.100%',
      'made/file user.a=b',
    ]);
    const kept = ['SCHILY.xattr.user.kept'];
    assert.deepEqual(await recordsIn(bytes), [
      ['made', kept],
      ['made/file', kept],
    ]);
    const { stdout, status } = spawnSync('tar', ['-xO', '-f', '-', 'made/file'], { input: bytes });
    assert.equal(status, 0);
    assert.equal(stdout.toString(), 'SCHILY.xattr.user.a%3Db=content');
  });

  it('passes everything else on as it is, in whatever pieces it comes', async () => {
    const plain = tarOf({ 'SCHILY.xattr.user.note': 'kept', comment: 'user.a%3Db=1' });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (piece) => {
        const { refused, bytes } = await filtered(plain, piece);
        assert.deepEqual(refused, []);
        assert.ok(bytes.equals(plain));
      }),
      { numRuns: runs(30) },
    );
  });

  it('takes the size of a file over 8 GiB from where pax has it', async () => {
    const tar = tarOf({ size: '32' }, 'made/file');
    const header = tar.subarray(1024, 1536);
    assert.equal(header.toString('latin1', 0, 9), 'made/file');
    // As GNU tar writes it where eleven octal digits do not suffice.
    header.fill('0', 124, 135).fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    assert.ok((await filtered(tar, 700)).bytes.equals(tar));
  });

  it('refuses what is no tar', async () => {
    await assert.rejects(filtered(Buffer.alloc(1024, 'x'), 100), RangeError);
  });
});
