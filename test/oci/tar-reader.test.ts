import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { readTar, type ReadEntry } from '../../src/oci/tar-reader.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { runs } from '../support/runs.ts';

interface Whole extends Omit<ReadEntry, 'content'> {
  readonly bytes: Buffer;
}

async function* inPieces(tar: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < tar.length; at += size) yield tar.subarray(at, at + size);
}

async function readWhole(tar: Uint8Array, size = 1000): Promise<readonly Whole[]> {
  const entries: Whole[] = [];
  for await (const { content, ...head } of readTar(inPieces(tar, size))) {
    entries.push({ ...head, bytes: Buffer.concat(await Array.fromAsync(content)) });
  }
  return entries;
}

/** Runs a script in a folder of its own; what it prints is a tar of it. */
function madeBy(script: string): Buffer {
  const text = `set -e; export LC_ALL=C; cd "$(mktemp -d)"; trap 'rm -rf "$PWD"' EXIT\n${script}`;
  const { stdout, status, stderr } = spawnSync('bash', ['-c', text], { maxBuffer: 64 * 1024 ** 2 });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}

const nameByte = fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 0x2f);
const rawName = fc
  .oneof(
    fc.array(nameByte, { minLength: 1, maxLength: 12 }),
    fc.array(nameByte, { minLength: 90, maxLength: 300 }),
  )
  .map((bytes) => String.fromCharCode(...bytes))
  .filter((name) => name !== '.' && name !== '..');
const id = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const written = fc.record({
  path: fc.array(rawName, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: id,
  gid: id,
  mtime: fc.oneof(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.integer({ min: 0, max: 2 ** 31 })),
  content: fc.oneof(fc.constant('directory' as const), rawName, fc.uint8Array({ maxLength: 3000 })),
});

function entryOf({ content, ...head }: typeof written extends fc.Arbitrary<infer T> ? T : never): TarEntry {
  if (content === 'directory') return { ...head, kind: 'directory', size: 0 };
  if (typeof content === 'string') return { ...head, kind: 'symlink', size: 0, target: content };
  const open = async function* () {
    yield content;
  };
  return { ...head, kind: 'file', size: content.length, open };
}

describe('readTar', () => {
  it('reads what tarOf wrote, in pieces of any size, whether or not contents are read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { maxLength: 6 }),
        fc.integer({ min: 1, max: 1500 }),
        async (given, size) => {
          const tar = Buffer.concat(await Array.fromAsync(tarOf(given.map(entryOf))));
          const read = await readWhole(tar, size);
          assert.deepEqual(
            read.map(({ path, mode, uid, gid, mtime, target }) => ({ path, mode, uid, gid, mtime, target })),
            given.map(({ content, mtime, ...head }) => ({
              ...head,
              mtime: String(mtime),
              target: typeof content === 'string' && content !== 'directory' ? content : '',
            })),
          );
          assert.deepEqual(
            read.map(({ kind, bytes }) => [kind, bytes.toString('latin1')]),
            given.map(({ content }) =>
              typeof content === 'string'
                ? [content === 'directory' ? 'directory' : 'symlink', '']
                : ['file', Buffer.from(content).toString('latin1')],
            ),
          );
          const skipped = (await Array.fromAsync(readTar(inPieces(tar, size)))).map(({ path }) => path);
          assert.deepEqual(
            skipped,
            given.map(({ path }) => path),
          );
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it('reads what GNU tar writes of names, times and kinds that are not ordinary', async () => {
    const tar = madeBy(String.raw`
mkdir -p d/$'raw \xff\xfe'; echo content > d/$'raw \xff\xfe'/$'line\nfeed'; ln -s $'to \xe9' d/link; mkfifo d/pipe
ln d/$'raw \xff\xfe'/$'line\nfeed' d/z-hard; touch d/past; touch -d '1960-01-01 00:00:00.123456789Z' d/past
long=$(printf 'n%.0s' {1..200}); mkdir -p d/$long/$long; seq 1 5000 > d/$long/$long/$long; ln -s $long$long d/far
tar --create --format=posix --sort=name --numeric-owner --owner=4000000000 --group=5 --pax-option=delete=atime,delete=ctime d`);
    const read = new Map((await readWhole(tar)).map((entry) => [entry.path, entry]));
    const long = 'n'.repeat(200);
    const text = read.get('d/raw \xff\xfe/line\nfeed');
    assert.partialDeepStrictEqual(text, { kind: 'file', size: 8, uid: 4_000_000_000, gid: 5 });
    assert.equal(text?.bytes.toString(), 'content\n');
    assert.partialDeepStrictEqual(read.get('d/link'), { kind: 'symlink', target: 'to \xe9' });
    assert.partialDeepStrictEqual(read.get('d/far'), { kind: 'symlink', target: long + long });
    assert.partialDeepStrictEqual(read.get('d/pipe'), { kind: 'fifo', size: 0 });
    assert.partialDeepStrictEqual(read.get('d/z-hard'), {
      kind: 'hardlink',
      target: 'd/raw \xff\xfe/line\nfeed',
    });
    assert.equal(read.get('d/past')?.mtime, '-315619199.876543211');
    assert.equal(read.get(`d/${long}/${long}/${long}`)?.bytes.toString().split('\n').length, 5001);
    assert.equal(read.get('d')?.kind, 'directory');
  });

  it('reads GNU’s own format: long names and targets, base-256 numbers, sparse files', async () => {
    const tar = madeBy(String.raw`
long=$(printf 'n%.0s' {1..150}); mkdir $long; ln -s $long$long $long/link; echo x > $long/$long
for at in $(seq 1 2 59); do printf x | dd of=holes bs=4096 seek=$at conv=notrunc status=none; done; echo after > z
touch -d '1950-01-01 00:00:00Z' z
tar --create --format=gnu --sparse --hole-detection=raw --sort=name --numeric-owner --owner=4000000000 --group=3000000 *`);
    const read = await readWhole(tar, 700);
    const long = 'n'.repeat(150);
    assert.deepEqual(
      read.map(({ path, kind, typeFlag }) => [path, kind, typeFlag]),
      [
        ['holes', 'other', 'S'],
        [long, 'directory', '5'],
        [`${long}/link`, 'symlink', '2'],
        [`${long}/${long}`, 'file', '0'],
        ['z', 'file', '0'],
      ],
    );
    assert.ok(read.every(({ uid, gid }) => uid === 4_000_000_000 && gid === 3_000_000));
    assert.equal(read[2]?.target, long + long);
    assert.equal(read[4]?.mtime, '-631152000');
    assert.equal(read[4]?.bytes.toString(), 'after\n');
    assert.ok((read[0]?.bytes.length ?? 0) > 0);
  });

  it('keeps pax records as raw bytes, those for all entries too', async () => {
    const tar = madeBy(String.raw`
echo 1 > a; echo 2 > b
tar --create --format=posix --numeric-owner --pax-option=$'globexthdr.name=g,comment=for all,SCHILY.xattr.user.note:=\xff=\n\x01,delete=atime,delete=ctime' a b`);
    const read = await readWhole(tar);
    assert.deepEqual(
      read.map(({ path, records }) => [path, records.get('comment'), records.get('SCHILY.xattr.user.note')]),
      [
        ['a', 'for all', '\xff=\n\x01'],
        ['b', 'for all', '\xff=\n\x01'],
      ],
    );
    const value = Buffer.from('01000002c000000000000000000000000000000000ff0a00', 'hex').toString('latin1');
    const [entry] = await readWhole(paxTar([['SCHILY.xattr.security.capability', value]]));
    assert.equal(entry?.records.get('SCHILY.xattr.security.capability'), value);
  });

  it('reads a stream to its very end, and one that ends between two entries', async () => {
    const whole = madeBy('echo x > a; tar --create --blocking-factor=20 a');
    let given = 0;
    const counted = async function* () {
      for await (const piece of inPieces(whole, 512)) {
        given += piece.length;
        yield piece;
      }
    };
    assert.equal((await Array.fromAsync(readTar(counted()))).length, 1);
    assert.equal(given, whole.length);
    assert.equal((await readWhole(whole.subarray(0, 1024))).length, 1);
    assert.deepEqual(await readWhole(Buffer.alloc(0)), []);
  });

  it('refuses what is damaged or cut off', async () => {
    const whole = madeBy('seq 1 1000 > a; tar --create --format=ustar a');
    for (const end of [100, 700, 1024]) {
      await assert.rejects(readWhole(whole.subarray(0, end)), /in the middle of an entry/);
    }
    const damaged = Buffer.from(whole);
    damaged[0] = 0x62;
    await assert.rejects(readWhole(damaged), /checksum/);
    await assert.rejects(readWhole(Buffer.alloc(4096, 'not a tar')), RangeError);
    const broken = paxTar([['comment', 'x']]);
    broken.write('99', 512, 'latin1');
    await assert.rejects(readWhole(broken), /pax record is damaged/);
  });

  it('holds a large file in pieces only', async () => {
    const size = 256 * 1024 ** 2;
    const open = async function* () {
      const piece = Buffer.alloc(1024 ** 2, 7);
      for (let at = 0; at < size; at += piece.length) yield piece;
    };
    const common = { kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0 } as const;
    let most = 0;
    const hash = createHash('sha256');
    for await (const { content } of readTar(tarOf([{ ...common, path: 'big', size, open }]))) {
      for await (const piece of content) {
        most = Math.max(most, piece.length);
        hash.update(piece);
      }
    }
    assert.ok(most <= 1024 ** 2);
    assert.equal(hash.digest('hex'), createHash('sha256').update(Buffer.alloc(size, 7)).digest('hex'));
  });
});

/** A tar of one empty file with pax records. */
function paxTar(records: readonly (readonly [string, string])[]): Buffer {
  const lines = records.map(([keyword, value]) => {
    const rest = ` ${keyword}=${value}\n`;
    let length = rest.length;
    while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
    return `${length}${rest}`;
  });
  const body = Buffer.from(lines.join(''), 'latin1');
  const padded = Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
  return Buffer.concat([block('x', body.length), padded, block('0', 0), Buffer.alloc(1024)]);
}

function block(typeFlag: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write('f', 0);
  header.write('0000644\0', 100);
  header.write(size.toString(8).padStart(11, '0'), 124);
  header.write(' '.repeat(8), 148);
  header.write(typeFlag, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
