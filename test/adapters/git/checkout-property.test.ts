import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  createRepository,
  gitEnv,
  run,
  temporaryFolder,
  type Content,
  type TestRepository,
} from './git-fixture.ts';
import { filesOf, unpackCheckout } from './unpacked-checkout.ts';

const ATTRIBUTES = [
  'text',
  'text=auto',
  '-text',
  'text eol=crlf',
  'text eol=lf',
  'ident',
  'text working-tree-encoding=UTF-16LE-BOM',
  'filter=nobody',
  'export-ignore',
  'export-subst',
  'binary',
];
const PATTERNS = ['*', '*.txt', '*.md', 'sub/**', '/top.txt', '*.bin'];
const PATHS = [
  'top.txt',
  'README.md',
  'readme.md',
  'sub/a.txt',
  'sub/deep/er/b.bin',
  'sub dir/\xe9\xff',
  '-option',
  'x/y.txt',
];

const line = fc
  .tuple(fc.constantFrom(...PATTERNS), fc.constantFrom(...ATTRIBUTES))
  .map((pair) => pair.join(' '));
const attributes = fc.array(line, { maxLength: 4 }).map((lines) => lines.map((each) => `${each}\n`).join(''));
const text = fc
  .array(fc.constantFrom('plain', '$Id$', '$Format:%H$', '$Id: old $', 'tail ', 'ü'), { maxLength: 4 })
  .chain((lines) =>
    fc.constantFrom('\n', '\r\n').map((end) => lines.map((each) => `${each}${end}`).join('')),
  );
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: text.map((script) => ({ script })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('../../outside', '/etc/passwd', 'dangling', '.', 'sub', 'x/../..')
      .map((link) => ({ link })),
  },
);
const files = fc.dictionary(fc.constantFrom(...PATHS), content, { minKeys: 1, maxKeys: PATHS.length });

/** Commits without the filters of attributes, so that each content becomes a blob as it is. */
function commitRaw(source: TestRepository): void {
  const listed = run(['git', 'ls-files', '-z', '--others', '--cached'], { cwd: source.path });
  for (const path of new Set(listed.split('\0').filter(Boolean))) {
    const mode = run(
      [
        'sh',
        '-c',
        'if [ -h "$1" ]; then echo 120000; elif [ -x "$1" ]; then echo 100755; else echo 100644; fi',
        'sh',
        path,
      ],
      {
        cwd: source.path,
      },
    ).trim();
    const hash =
      mode === '120000'
        ? run(['sh', '-c', 'readlink -n -- "$1" | git hash-object -w --stdin', 'sh', path], {
            cwd: source.path,
          })
        : run(['git', 'hash-object', '-w', '--no-filters', '--', path], { cwd: source.path });
    source.git('update-index', '--add', '--cacheinfo', `${mode},${hash.trim()},${path}`);
  }
  source.git('commit', '--quiet', '--allow-empty', '--message', 'raw');
}

describe('openSourceTree against git checkout', () => {
  it('lays what git clone lays, whatever the attributes say of what', async () => {
    await fc.assert(
      fc.asyncProperty(attributes, files, async (top, tree) => {
        await using source = await createRepository();
        const { ['sub dir/\xe9\xff']: odd, ...plain } = tree;
        await source.write({ '.gitattributes': top, ...plain });
        commitRaw(source);
        if (odd !== undefined) await source.commit({ 'sub dir/\xe9\xff': odd });
        await using folder = await temporaryFolder();
        const clone = join(folder.path, 'clone');
        run(['git', 'clone', '--quiet', source.path, clone], { env: gitEnv() });
        await using laid = await unpackCheckout(source.path);
        assert.deepEqual(filesOf(laid.top), filesOf(clone));
        assert.equal(laid.git('status', '--porcelain'), '');
      }),
      { numRuns: 12 },
    );
  });

  it('follows a change of .gitattributes alone', async () => {
    await using source = await createRepository();
    await source.commit({ '.gitattributes': '*.txt text eol=lf\n', 'a.txt': 'one\ntwo\n' });
    await using before = await unpackCheckout(source.path);
    await source.commit({ '.gitattributes': '*.txt text eol=crlf\n' });
    await using after = await unpackCheckout(source.path);
    assert.equal(source.git('rev-parse', 'HEAD:a.txt'), source.git('rev-parse', 'HEAD~1:a.txt'));
    assert.notDeepEqual(filesOf(after.top), filesOf(before.top));
    assert.equal(run(['cat', 'a.txt'], { cwd: after.top }), 'one\r\ntwo\r\n');
    assert.notEqual(after.diffId, before.diffId);
    assert.equal(after.git('status', '--porcelain'), '');
  });

  it('takes encodings from the .gitattributes of any folder', async () => {
    await using source = await createRepository();
    const attributes = '*.txt text working-tree-encoding=UTF-16LE-BOM\n';
    await source.write({ 'a/.gitattributes': attributes, 'a/x.txt': 'a\n', 'b/.gitattributes': attributes });
    await source.write({ 'b/y.txt': 'b\n', 'c/z.txt': 'c\n', d: 'd\n' });
    commitRaw(source);
    await using laid = await unpackCheckout(source.path);
    const bytesOf = async (path: string) => await readFile(join(laid.top, path));
    assert.deepEqual(await bytesOf('a/x.txt'), Buffer.from('\ufeffa\n', 'utf16le'));
    assert.deepEqual(await bytesOf('b/y.txt'), Buffer.from('\ufeffb\n', 'utf16le'));
    assert.deepEqual(await bytesOf('c/z.txt'), Buffer.from('c\n'));
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('lays nothing of a dirty tree, of a sparse checkout or of what only the index has', async () => {
    await using source = await createRepository();
    await source.commit({ 'a.txt': 'committed\n', 'out/b.txt': 'sparse\n' });
    await using clean = await unpackCheckout(source.path);
    await source.write({ 'a.txt': 'changed\n', untracked: 'u\n', staged: 's\n' });
    source.git('add', 'staged');
    source.git('sparse-checkout', 'set', '--no-cone', '/a.txt');
    source.git('update-index', '--assume-unchanged', 'a.txt');
    await using dirty = await unpackCheckout(source.path);
    assert.equal(dirty.diffId, clean.diffId);
    assert.ok(filesOf(dirty.top).some((each) => each.startsWith('./out/b.txt f ')));
  });

  it('lays deep paths, names that differ in case only, and a link where a folder was', async () => {
    await using source = await createRepository();
    const deep = `${'d'.repeat(60)}/`.repeat(6);
    await source.commit({ 'was/folder.txt': 'x\n' });
    source.git('rm', '-r', '--quiet', 'was');
    await source.commit({
      was: { link: '../outside/of/it' },
      [`${deep}file`]: 'deep\n',
      Name: 'A\n',
      name: 'b\n',
    });
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', source.path, join(folder.path, 'clone')]);
    await using laid = await unpackCheckout(source.path);
    assert.deepEqual(filesOf(laid.top), filesOf(join(folder.path, 'clone')));
    assert.ok(filesOf(laid.top).includes('./was l ../outside/of/it'));
  });
});
