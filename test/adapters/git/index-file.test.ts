import assert from 'node:assert/strict';
import { lutimes, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Bytes } from '../../../src/kernel/compare-bytes.ts';
import { canonicalIndex, type ObjectFormat } from '../../../src/adapters/git/index-file.ts';
import { createRepository, ODD_FILES, rawPath, run, type TestRepository } from './git-fixture.ts';
import { runs } from '../../support/runs.ts';

const MTIME = 631152000;
const FORMATS: readonly ObjectFormat[] = ['sha1', 'sha256'];

const component = fc
  .array(
    fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 0x2f),
    { minLength: 1, maxLength: 20 },
  )
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
  .filter((name) => !/^\.|[~:]|[. ]$|\\/.test(name));

async function canonicalise(repository: TestRepository, format: ObjectFormat): Promise<Buffer> {
  const file = join(repository.path, '.git', 'index');
  const { bytes } = canonicalIndex(await readFile(file), { format, mtime: MTIME });
  await writeFile(file, bytes);
  return Buffer.from(bytes);
}

describe('canonicalIndex', () => {
  for (const format of FORMATS) {
    it(`lists what git lists and changes nothing but stat data (${format})`, async () => {
      await using repository = await createRepository(`--object-format=${format}`);
      const blob = run(['git', 'hash-object', '-w', '--stdin'], { cwd: repository.path, input: 'x' }).trim();
      const path = fc.array(component, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
      const long = fc.constantFrom('l'.repeat(0xffe), 'l'.repeat(0xfff), 'l'.repeat(0x1000));
      const paths = fc.uniqueArray(
        fc.oneof({ weight: 20, arbitrary: path }, { weight: 1, arbitrary: long }),
        { maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(paths, async (names) => {
          repository.git('read-tree', '--empty');
          const info = names.map((name) => `100644 ${blob} 0\t${name}\0`).join('');
          const input = Buffer.from(info, 'latin1');
          run(['git', 'update-index', '-z', '--index-info'], { cwd: repository.path, input });
          const before = repository.git('ls-files', '--stage', '-z');
          const index = await readFile(join(repository.path, '.git', 'index'));
          const { entries, bytes } = canonicalIndex(index, { format, mtime: MTIME });
          assert.equal(
            Array.from(entries(), (each) => `${each.mode.toString(8)} ${blob} 0\t${each.path}\0`).join(''),
            before,
          );
          await writeFile(join(repository.path, '.git', 'index'), bytes);
          assert.equal(repository.git('ls-files', '--stage', '-z'), before);
        }),
        { numRuns: runs(25) },
      );
    });

    it(`gives an index that git takes as clean for files of that mtime (${format})`, async () => {
      await using repository = await createRepository(`--object-format=${format}`);
      await repository.commit(ODD_FILES);
      const { entries } = canonicalIndex(await readFile(join(repository.path, '.git', 'index')), {
        format,
        mtime: MTIME,
      });
      await canonicalise(repository, format);
      for (const { path } of entries()) await lutimes(rawPath(repository.path, path), MTIME, MTIME);
      repository.git('config', 'core.checkStat', 'minimal');
      assert.equal(repository.git('diff-files', '--name-only'), '');
      assert.equal(repository.git('status', '--porcelain'), '');
      const stat = repository.git('ls-files', '--debug', '--', 'README.md');
      assert.match(
        stat,
        /ctime: 0:0\n\s+mtime: 631152000:0\n\s+dev: 0\tino: 0\n\s+uid: 0\tgid: 0\n\s+size: 8\t/,
      );
    });
  }

  it('gives the same bytes wherever the files were laid down, and again for its own bytes', async () => {
    await using one = await createRepository();
    await one.commit(ODD_FILES);
    await using other = await createRepository();
    other.git('config', 'index.threads', '4');
    await other.commit(ODD_FILES);
    const bytes = await canonicalise(one, 'sha1');
    assert.deepEqual(await canonicalise(other, 'sha1'), bytes);
    assert.deepEqual(canonicalIndex(bytes, { format: 'sha1', mtime: MTIME }).bytes, bytes);
  });

  it('keeps the cache tree, the extended flags of version 3 and the kinds of entries', async () => {
    await using repository = await createRepository();
    await repository.commit({ a: 'a\n', 'd/b': { script: 'b\n' }, l: { link: 'a' } });
    repository.git(
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${repository.git('rev-parse', 'HEAD')},sub`,
    );
    repository.git('commit', '--quiet', '--message', 'gitlink');
    repository.git('update-index', '--skip-worktree', 'a');
    const bytes = await canonicalise(repository, 'sha1');
    assert.equal(Buffer.from(bytes).readUInt32BE(4), 3);
    assert.ok(Buffer.from(bytes).includes('TREE'));
    assert.equal(repository.git('ls-files', '-t', 'a'), 'S a');
    const { entries } = canonicalIndex(bytes, { format: 'sha1', mtime: MTIME });
    assert.deepEqual(
      Array.from(entries(), ({ path, mode, size }) => [path, mode.toString(8), size]),
      [
        ['a', '100644', 2],
        ['d/b', '100755', 2],
        ['l', '120000', 1],
        ['sub', '160000', 0],
      ],
    );
  });

  it('tells no size of the folder of a gitlink, and takes those of files that were not laid', async () => {
    await using repository = await createRepository();
    const commit = await repository.commit({ a: 'a\n', b: 'b\n' });
    const top = await mkdtemp(join(repository.path, '.git/tree-'));
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    repository.git('--work-tree', top, 'read-tree', '--reset', '-u', repository.git('write-tree'));
    assert.doesNotMatch(repository.git('ls-files', '--debug', 'sub'), /size: 0\t/);
    const index = await readFile(join(repository.path, '.git', 'index'));
    const sizeOf = ([bytes, from, to]: Bytes): number | undefined =>
      Buffer.from(bytes.subarray(from, to)).toString() === 'a' ? 2 ** 32 + 7 : undefined;
    const { bytes, entries, links } = canonicalIndex(index, { format: 'sha1', mtime: MTIME, sizeOf });
    assert.deepEqual(links, [{ path: 'sub', mode: 0o160000, size: 0, link: commit }]);
    const sizes = [
      ['a', 7],
      ['b', 2],
      ['sub', 0],
    ];
    assert.deepEqual(
      Array.from(entries(), ({ path, size }) => [path, size]),
      sizes,
    );
    const again = canonicalIndex(bytes, { format: 'sha1', mtime: MTIME });
    assert.deepEqual(
      Array.from(again.entries(), ({ path, size }) => [path, size]),
      sizes,
    );
  });

  it('refuses what it does not understand', async () => {
    await using repository = await createRepository();
    await repository.commit({ a: 'a\n' });
    const file = join(repository.path, '.git', 'index');
    const canonical = await canonicalise(repository, 'sha1');
    const format = 'sha1';
    const refuses = (bytes: Buffer, message: RegExp): void => {
      assert.throws(() => canonicalIndex(bytes, { format, mtime: MTIME }), { name: 'RangeError', message });
    };
    refuses(Buffer.from('hello, I am no index'), /not a git index/);
    refuses(canonical.subarray(0, 40), /ends within an entry/);
    refuses(canonical.subarray(0, -3), /ends within an extension/);
    repository.git('update-index', '--index-version', '4');
    refuses(await readFile(file), /version 4 is not supported/);
    repository.git('update-index', '--index-version', '2');
    repository.git('update-index', '--split-index');
    refuses(await readFile(file), /extension "link" is not supported/);
  });
});
