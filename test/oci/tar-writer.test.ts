import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdtempDisposable, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { runs } from '../support/runs.ts';

const PLAIN = { mode: 0o644, uid: 0, gid: 0, mtime: 631152000, size: 0 } as const;

function fileOf(path: string, content: Uint8Array, more: Partial<TarEntry> = {}): TarEntry {
  const open = async function* (): AsyncGenerator<Uint8Array> {
    // In two pieces, so that a writer that takes only the first shows.
    yield content.subarray(0, content.length / 2);
    yield content.subarray(content.length / 2);
  };
  return { ...PLAIN, path, kind: 'file', size: content.length, open, ...more };
}

async function bytesOf(
  entries: Iterable<TarEntry>,
  options: { readonly end?: boolean } = {},
): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(tarOf(entries, options)));
}

function gnuTar(args: readonly string[], input: Uint8Array): string {
  const run = spawnSync('tar', args, {
    input,
    encoding: 'latin1',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC0' },
  });
  assert.equal(run.stderr, '');
  assert.equal(run.status, 0);
  return run.stdout;
}

/** Content without an end. */
async function* megabytes(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(1024 ** 2);
}

/** The bytes of a file name as latin1 text: anything but slash and NUL. */
const nameByte = fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 0x2f);
const rawName = fc
  .oneof(
    fc.array(nameByte, { minLength: 1, maxLength: 12 }),
    fc.array(nameByte, { minLength: 90, maxLength: 200 }),
    fc
      .constantFrom('a b', '-rf', 'x\n', '\xc3\xa9', '\xff', '*', '\\n', 'é'.normalize('NFD'))
      .map((text) => Array.from(Buffer.from(text, 'latin1'))),
  )
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
  .filter((name) => name !== '.' && name !== '..');
const id = fc.oneof(
  fc.integer({ min: 0, max: 70_000 }),
  fc.constantFrom(0o777777, 0o1000000, 0o7777777, 0o10000000, 300_000, 4_000_000_000, 2 ** 32 - 2),
);
const time = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.constantFrom(-1, -(2 ** 31), 0, 2 ** 31 - 1, 2 ** 31, 4_102_444_800, 2 ** 33),
);
const mode = fc.oneof(fc.constantFrom(0, 0o644, 0o755, 0o4755, 0o1777), fc.integer({ min: 0, max: 0o7777 }));

describe('tarOf', () => {
  it('tells GNU tar owners, sizes and times of any range', async () => {
    await fc.assert(
      fc.asyncProperty(id, id, time, fc.uint8Array({ maxLength: 1500 }), async (uid, gid, mtime, content) => {
        const tar = await bytesOf([fileOf('f', content, { uid, gid, mtime })]);
        const [, owner, size, day, clock, name] = gnuTar(['-tv', '--full-time', '--numeric-owner'], tar)
          .trim()
          .split(/\s+/);
        assert.deepEqual([owner, size, name], [`${uid}/${gid}`, String(content.length), 'f']);
        assert.equal(new Date(`${day}T${clock}Z`).getTime(), mtime * 1000);
      }),
      { numRuns: runs(60) },
    );
  });

  it('is unpacked by GNU tar to the names, contents, targets, modes and times that it was given', async () => {
    const node = fc.record({
      name: rawName,
      content: fc.option(fc.uint8Array({ maxLength: 1500 })),
      target: rawName,
      mode,
      mtime: time,
    });
    const nodes = fc.uniqueArray(node, { selector: (each) => each.name, minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rawName, nodes, async (folder, children) => {
        await using temporary = await mkdtempDisposable(join(tmpdir(), 'tar-writer-'));
        const uid = process.getuid?.() ?? 0;
        const gid = process.getgid?.() ?? 0;
        const entries = children.map((child): TarEntry =>
          child.content === null
            ? {
                ...PLAIN,
                uid,
                gid,
                path: `${folder}/${child.name}`,
                kind: 'symlink',
                mode: 0o777,
                mtime: child.mtime,
                target: child.target,
              }
            : fileOf(`${folder}/${child.name}`, child.content, {
                uid,
                gid,
                mode: child.mode,
                mtime: child.mtime,
              }),
        );
        const top: TarEntry = { ...PLAIN, uid, gid, path: folder, kind: 'directory', mode: 0o750 };
        gnuTar(
          ['-xp', '--warning=no-timestamp', '--numeric-owner', '-C', temporary.path],
          await bytesOf([top, ...entries]),
        );
        const at = (path: string): Buffer =>
          Buffer.concat([Buffer.from(`${temporary.path}/`), Buffer.from(path, 'latin1')]);
        const names = await readdir(at(folder), { encoding: 'buffer' });
        const expected = children.map((child) => child.name);
        assert.deepEqual(names.map((name) => name.toString('latin1')).toSorted(), expected.toSorted());
        const found = await lstat(at(folder));
        assert.deepEqual(
          [found.isDirectory(), found.mode & 0o7777, found.mtimeMs],
          [true, 0o750, PLAIN.mtime * 1000],
        );
        for (const child of children) await assertUnpacked(at(`${folder}/${child.name}`), child);
      }),
      { numRuns: runs(40) },
    );
  });

  it('is read by tar-stream as it was given, where tar-stream can read it', async () => {
    const contents = new Map([
      ['d/a', Buffer.from('hello')],
      ['d/empty', Buffer.alloc(0)],
      ['d/block', Buffer.alloc(512, 1)],
      [`d/${'n'.repeat(150)}`, Buffer.from('long')],
      ['d/gr\u00fc\u00df', Buffer.from('utf-8')],
    ]);
    const entries = [...contents].map(([path, content]) =>
      fileOf(Buffer.from(path).toString('latin1'), content),
    );
    const headers = await readWithTarStream(
      await bytesOf([{ ...PLAIN, path: 'd', kind: 'directory', mode: 0o755 }, ...entries]),
    );
    assert.deepEqual(
      headers.map(({ name }) => name),
      ['d/', ...contents.keys()],
    );
    assert.deepEqual(
      headers.map(({ size }) => size),
      [0, ...[...contents.values()].map((content) => content.length)],
    );
    assert.ok(headers.every(({ uname, gname }) => uname === '' && gname === ''));
  });

  it('gives equal bytes for equal entries, and two zero blocks at the end unless another tar follows', async () => {
    const entries = [fileOf('f', Buffer.from('x')), fileOf('g\xff', Buffer.from('y'))];
    const whole = await bytesOf(entries);
    assert.deepEqual(await bytesOf(entries), whole);
    const open = await bytesOf(entries, { end: false });
    assert.deepEqual(Buffer.concat([open, Buffer.alloc(1024)]), whole);
    assert.equal(
      gnuTar(['-t'], Buffer.concat([open, await bytesOf([fileOf('h', Buffer.from('z'))])])),
      'f\ng\\377\nh\n',
    );
  });

  it('writes the header of a file beyond 8 GiB without asking for its content first', async () => {
    const size = 9 * 1024 ** 3;
    for await (const chunk of tarOf([{ ...PLAIN, path: 'big', kind: 'file', size, open: megabytes }])) {
      assert.match(Buffer.from(chunk).toString('latin1'), new RegExp(`size=${size}\n`));
      break;
    }
  });

  it('refuses content that is shorter or longer than was promised', async () => {
    const content = Buffer.from('four');
    await assert.rejects(
      bytesOf([fileOf('f', content, { size: 5 })]),
      /"f" into a tar: it has 4 bytes instead of the 5/,
    );
    await assert.rejects(
      bytesOf([fileOf('f', content, { size: 3 })]),
      /"f" into a tar: it has more than the 3 bytes/,
    );
    await assert.rejects(
      bytesOf([{ ...PLAIN, path: 'f', kind: 'file', size: 1 }]),
      /0 bytes instead of the 1/,
    );
  });

  it('refuses entries that a tar cannot hold', async () => {
    const faults: readonly (readonly [Partial<TarEntry>, RegExp])[] = [
      [{ path: '' }, /its path is empty/],
      [{ path: '/etc' }, /begins or ends with a slash/],
      [{ path: 'a/' }, /begins or ends with a slash/],
      [{ path: 'a/../b' }, /leads upwards/],
      [{ path: 'a\0b' }, /not raw bytes/],
      [{ path: '\u0100' }, /not raw bytes/],
      [{ kind: 'symlink' }, /link target is missing/],
      [{ kind: 'symlink', target: '\u2192' }, /link target is not raw bytes/],
      [{ target: 'x' }, /a file has no link target/],
      [{ kind: 'directory', size: 1 }, /its size is 1/],
      [{ mode: 0o100644 }, /its mode is/],
      [{ uid: -1 }, /its uid is -1/],
      [{ gid: 0.5 }, /its gid is 0.5/],
      [{ mtime: 1.5 }, /its mtime is 1.5/],
    ];
    for (const [fault, message] of faults) {
      await assert.rejects(bytesOf([{ ...PLAIN, path: 'f', kind: 'file', ...fault }]), {
        name: 'RangeError',
        message,
      });
    }
  });

  it('opens each file when its turn comes and lets go of it when the reader stops', async () => {
    const events: string[] = [];
    const watched = (name: string): TarEntry => ({
      ...PLAIN,
      path: name,
      kind: 'file',
      size: 200_000,
      open: async function* () {
        events.push(`open ${name}`);
        try {
          yield Buffer.alloc(100_000);
          yield Buffer.alloc(100_000);
        } finally {
          events.push(`close ${name}`);
        }
      },
    });
    for await (const chunk of tarOf([watched('a'), watched('b')])) {
      if (chunk.length >= 100_000) break;
    }
    assert.deepEqual(events, ['open a', 'close a']);
  });
});

interface Unpacked {
  readonly content: Uint8Array | null;
  readonly target: string;
  readonly mode: number;
  readonly mtime: number;
}

async function assertUnpacked(path: Buffer, expected: Unpacked): Promise<void> {
  const found = await lstat(path);
  assert.equal(found.mtimeMs, expected.mtime * 1000);
  if (expected.content === null) {
    assert.equal((await readlink(path, { encoding: 'buffer' })).toString('latin1'), expected.target);
    return;
  }
  assert.equal(found.mode & 0o7777, expected.mode);
  await chmod(path, 0o600);
  assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(expected.content));
}

async function readWithTarStream(tar: Uint8Array): Promise<readonly Header[]> {
  const reader = extract();
  const headers: Header[] = [];
  const feeding = pipeline(Readable.from([tar]), reader);
  for await (const entry of reader) {
    headers.push(entry.header);
    entry.resume();
  }
  await feeding;
  return headers;
}
