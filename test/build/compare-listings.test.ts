import assert from 'node:assert/strict';
import { compareListings, keepListing } from '../../src/build/compare-listings.ts';
import { warningsOf } from '../../src/build/left-out.ts';

type Paths = Readonly<Record<string, string>>;

/** type, inode, ctime, mtime, mode, uid, gid */
const DIR = 'd 1 10 10 755 0 0';
const FILE = 'f 2 10 10 644 0 0';

async function compare(before: Paths, after: Paths) {
  const listing = await keepListing(listed(before));
  return await compareListings(listing, listed(after), {
    home: '/home/dev',
    watched: new Set(['watched', 'root']),
  });
}

async function* listed(paths: Paths) {
  for (const [path, stat] of Object.entries(paths)) yield { path, stat };
}

async function presentAfter(before: Paths, after: Paths): Promise<readonly string[]> {
  return (await compare(before, after)).present.map(({ path }) => path);
}

describe('compareListings', () => {
  it('finds nothing in equal listings', async () => {
    const { present, deleted } = await compare({ a: DIR, 'a/b': FILE }, { a: DIR, 'a/b': FILE });
    assert.deepEqual({ present, deleted }, { present: [], deleted: [] });
  });

  it('tells what was added, changed and deleted', async () => {
    const { present, deleted } = await compare(
      { a: FILE, b: FILE, c: FILE },
      { a: 'f 2 11 10 644 0 0', c: FILE, d: 'f 9 11 11 644 0 0' },
    );
    assert.deepEqual(present, [
      { path: 'a', kind: 'leaf', added: false, attributes: true },
      { path: 'd', kind: 'leaf', added: true, attributes: true },
    ]);
    assert.deepEqual(deleted, ['b']);
  });

  it('sees a file whose mtime was put back, and one that was swapped', async () => {
    assert.deepEqual(await presentAfter({ a: FILE }, { a: 'f 2 11 10 644 0 0' }), ['a']);
    assert.deepEqual(await presentAfter({ a: FILE }, { a: 'f 3 10 10 644 0 0' }), ['a']);
  });

  it('takes a directory for unchanged whose ctime only follows a change below it', async () => {
    const before = { a: DIR, 'a/b': DIR, 'a/b/c': FILE };
    const after = { a: 'd 1 11 10 755 0 0', 'a/b': 'd 1 11 10 755 0 0', 'a/b/c': 'f 2 11 11 644 0 0' };
    assert.deepEqual(await presentAfter(before, after), ['a/b/c']);
  });

  it('takes a directory for changed whose ctime moved alone (extended attributes)', async () => {
    const { present } = await compare({ a: DIR, 'a/b': FILE }, { a: 'd 1 11 10 755 0 0', 'a/b': FILE });
    assert.deepEqual(present, [{ path: 'a', kind: 'directory', added: false, attributes: true }]);
  });

  it('takes a directory for changed whose ctime moved with nothing below it that a layer holds', async () => {
    const before = { root: DIR, 'root/.npm': DIR, 'root/.npm/_cacache': FILE };
    const after = { root: DIR, 'root/.npm': 'd 1 11 10 755 0 0', 'root/.npm/_cacache': 'f 2 11 11 644 0 0' };
    assert.deepEqual(await presentAfter(before, after), ['root/.npm']);
  });

  it('tells a directory whose content moved from one whose mode or owner did', async () => {
    const attributes = async (stat: string) =>
      (await compare({ a: DIR }, { a: stat })).present[0]?.attributes;
    assert.equal(await attributes('d 1 11 11 755 0 0'), false);
    assert.equal(await attributes('d 5 11 11 755 0 0'), false);
    assert.equal(await attributes('d 1 11 10 700 0 0'), true);
    assert.equal(await attributes('d 1 11 10 755 0 7'), true);
  });

  it('tells of the watched folders those that are not root’s with mode 0755', async () => {
    const unusual = async (after: Paths) => (await compare(after, after)).unusual;
    assert.deepEqual(
      await unusual({ watched: DIR, root: 'd 1 10 10 775 0 50', other: 'd 1 10 10 700 0 0' }),
      ['root'],
    );
    assert.deepEqual(await unusual({ watched: 'd 1 10 10 755 7 0' }), ['watched']);
    assert.deepEqual(await unusual({ watched: 'l 1 10 10 777 0 0' }), []);
  });

  it('leaves sockets and whiteout names out and says so', async () => {
    const { present, deleted, leftOut } = await compare(
      { s: FILE, 'w/.wh.kept': FILE },
      { s: 's 7 11 11 755 0 0', 'w/.wh.kept': FILE, 'w/.wh.x': FILE, 'w/.wh.d/y': FILE, 'w/x.wh.y': FILE },
    );
    assert.deepEqual(
      present.map(({ path }) => path),
      ['w/x.wh.y'],
    );
    assert.deepEqual(deleted, ['s'], 'the file that the socket replaced is gone');
    const [names = '', sockets = ''] = warningsOf(leftOut);
    assert.match(names, /\.wh\.\* are not kept.*\(\/w\/\.wh\.x, \/w\/\.wh\.d\/y\)/);
    assert.match(sockets, /sockets are not kept.*\(\/s\)/);
  });

  it('never makes a whiteout of a whiteout name', async () => {
    assert.deepEqual((await compare({ '.wh.x': FILE }, {})).deleted, []);
  });

  const CACHES = [
    'root/.npm/_cacache/a',
    'home/x/.npm/_logs/a',
    'home/dev/.cache/pip/http-v2/a',
    'var/cache/apt/archives/a.deb',
  ];
  const KEPT = [
    'root/.npm/_npx/a',
    'srv/.npm/_cacache/a',
    'root/.cache/pip/wheels/a',
    'root/.npm/_cacache2',
    'root/.m2/a',
    'var/cache/apt/pkgcache.bin',
  ];

  it('leaves exactly the listed download caches out', async () => {
    const after = Object.fromEntries([...CACHES, ...KEPT].map((path) => [path, FILE]));
    assert.deepEqual(await presentAfter({}, after), KEPT);
  });

  it('still takes away a cached file of the base that a task deleted', async () => {
    assert.deepEqual((await compare({ 'var/cache/apt/archives/a.deb': FILE }, {})).deleted, [
      'var/cache/apt/archives/a.deb',
    ]);
  });
});
