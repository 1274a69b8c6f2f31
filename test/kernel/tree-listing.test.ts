import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTreeListing, treeListingOf, type ListedEntry } from '../../src/kernel/tree-listing.ts';
import {
  countEntries,
  entriesBelow,
  entryAt,
  findEntry,
  firstBelow,
  hasNamed,
  pathsOf,
  placeOf,
  placeOfBytes,
  sizeAt,
} from '../../src/kernel/tree-lookup.ts';
import { createRepository, ODD_FILES, run } from '../adapters/git/git-fixture.ts';
import { runs } from '../support/runs.ts';

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'a.b',
    'ab',
    'a-',
    'b',
    '0',
    '\xff',
    '.gitattributes',
    'x.gitattributes',
    'tab\tin it',
  ),
  fc.stringMatching(/^[\x01-\x2e\x30-\xff]{1,3}$/),
);
const paths = fc
  .uniqueArray(
    fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
    { maxLength: 12 },
  )
  .map((all) => all.filter((path) => !all.some((other) => other.startsWith(`${path}/`))));
const entries: fc.Arbitrary<readonly ListedEntry[]> = paths.chain((all) =>
  fc.tuple(
    ...all.map((path) =>
      fc.record(
        {
          path: fc.constant(path),
          mode: fc.constantFrom(0o100644, 0o100755, 0o120000, 0o160000),
          id: fc.stringMatching(/^[0-9a-f]{40}$/),
        },
        { noNullPrototype: true },
      ),
    ),
  ),
);

describe('the listing of a tree', () => {
  it('finds what a plain search finds, in whatever order lines come', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (given, guess) => {
        const listing = treeListingOf(given);
        const sorted = given.toSorted((a, b) => (a.path < b.path ? -1 : 1));
        assert.equal(countEntries(listing), given.length);
        assert.deepEqual(
          [...pathsOf(listing)],
          sorted.map(({ path }) => path),
        );
        assert.deepEqual([...entriesBelow(listing, '')], sorted);
        const folders = given.flatMap(({ path }) =>
          path.split('/').map((_, at, names) => names.slice(0, at).join('/')),
        );
        for (const asked of [...given.map(({ path }) => path), ...folders, 'a', 'a.', 'none', 'a/b/c/d']) {
          if (asked === '') continue;
          const place = sorted.findIndex(({ path }) => path === asked);
          assert.equal(placeOf(listing, asked) ?? -1, place);
          const bytes = Buffer.from(`<${asked}>`, 'latin1');
          assert.equal(placeOfBytes(listing, [bytes, 1, bytes.length - 1], guess) ?? -1, place);
          assert.deepEqual(findEntry(listing, asked), sorted[place]);
          const inside = sorted.filter(({ path }) => path.startsWith(`${asked}/`));
          assert.deepEqual([...entriesBelow(listing, asked)], inside);
          assert.equal(firstBelow(listing, asked), inside[0]?.path);
        }
        const isNamed = given.some(({ path }) => path.split('/').at(-1) === '.gitattributes');
        assert.equal(hasNamed(listing, '.gitattributes'), isNamed);
      }),
      { numRuns: runs(100) },
    );
  });

  for (const format of ['sha1', 'sha256'] as const) {
    it(`reads what git prints of a ${format} repository, with sizes and without`, async () => {
      await using repository = await createRepository(`--object-format=${format}`);
      const commit = await repository.commit({ ...ODD_FILES, large: 'x'.repeat(12_345_678) });
      repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
      repository.git('commit', '--quiet', '--message', 'gitlink');
      const listed = (...more: string[]) =>
        readTreeListing(
          Buffer.from(
            run(['git', 'ls-tree', '-r', '-z', ...more, 'HEAD'], { cwd: repository.path }),
            'latin1',
          ),
        );
      const [plain, sized] = [listed(), listed('-l')];
      const staged = repository.git('ls-files', '--stage', '-z').split('\0').slice(0, -1);
      for (const listing of [plain, sized]) {
        assert.deepEqual(
          [...entriesBelow(listing, '')].map(({ mode, id, path }) => `${mode.toString(8)} ${id} 0\t${path}`),
          staged,
        );
      }
      for (let at = 0; at < countEntries(sized); at++) {
        const { mode, id } = entryAt(sized, at);
        assert.equal(sizeAt(plain, at), undefined);
        assert.equal(sizeAt(sized, at), mode === 0o160000 ? 0 : Number(repository.git('cat-file', '-s', id)));
      }
    });
  }

  it('is empty for an empty tree, and refuses what is cut off', () => {
    const empty = readTreeListing(Buffer.alloc(0));
    assert.deepEqual(
      [countEntries(empty), firstBelow(empty, ''), findEntry(empty, 'a')],
      [0, undefined, undefined],
    );
    const line = `100644 blob ${'1'.repeat(40)}\ta`;
    assert.equal(countEntries(readTreeListing(Buffer.from(`${line}\0`))), 1);
    for (const cut of [line, line.slice(0, 30)])
      assert.throws(() => readTreeListing(Buffer.from(cut)), RangeError);
  });
});
