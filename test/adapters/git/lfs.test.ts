import assert from 'node:assert/strict';
import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRepository,
  gitEnv,
  run,
  temporaryFolder,
  type Content,
  type TestRepository,
} from './git-fixture.ts';
import { startLfsServer } from './lfs-server.ts';
import { unpackCheckout } from './unpacked-checkout.ts';

const BIG = 'a big file\n'.repeat(10_000);
const OTHER = 'another\n';
const FILTER = {
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'filter.lfs.clean',
  GIT_CONFIG_VALUE_0: 'git-lfs clean -- %f',
  GIT_CONFIG_KEY_1: 'filter.lfs.process',
  GIT_CONFIG_VALUE_1: 'git-lfs filter-process',
  GIT_CONFIG_KEY_2: 'filter.lfs.required',
  GIT_CONFIG_VALUE_2: 'true',
};

/** A repository with two files of Git LFS, whose contents only `.git/lfs/objects` has. */
async function lfsRepository(more: Readonly<Record<string, Content>> = {}): Promise<TestRepository> {
  const source = await createRepository();
  await source.write({
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    'big.bin': BIG,
    'sub/other.bin': OTHER,
    'a.txt': 'not of Git LFS\n',
    ...more,
  });
  run(['git', 'add', '--all'], { cwd: source.path, env: gitEnv(FILTER) });
  source.git('commit', '--quiet', '--message', 'lfs');
  assert.match(source.git('show', 'HEAD:big.bin'), /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/);
  return source;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

describe('openSourceTree with Git LFS', () => {
  it('lays pointers down unless told otherwise, and says how many', async () => {
    await using source = await lfsRepository();
    await using laid = await unpackCheckout(source.path);
    assert.match(await readFile(join(laid.top, 'big.bin'), 'utf8'), /^version https:/);
    assert.deepEqual(laid.told, [
      '2 Git LFS files are laid down as pointers (--lfs contents lays down their contents)',
    ]);
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('lays down contents that the clone has, without a server and without keeping them twice', async () => {
    await using source = await lfsRepository({ '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:9\n' });
    const before = run(['find', '.', '-printf', '%p %s %T@\\n'], { cwd: source.path });
    await using laid = await unpackCheckout(source.path, {}, { lfs: 'contents' });
    assert.equal(await readFile(join(laid.top, 'big.bin'), 'utf8'), BIG);
    assert.equal(await readFile(join(laid.top, 'sub/other.bin'), 'utf8'), OTHER);
    assert.equal(await isThere(join(laid.top, '.git/lfs')), false);
    assert.deepEqual(laid.told, []);
    assert.equal(laid.git('status', '--porcelain'), '');
    // With all contents compared, through git-lfs, they are still what the commit says.
    laid.git('config', '--unset', 'core.checkStat');
    run(['touch', 'big.bin', 'sub/other.bin'], { cwd: laid.top });
    assert.equal(laid.git('status', '--porcelain'), '');
    await writeFile(join(laid.top, 'big.bin'), `${BIG}more`);
    assert.equal(laid.git('status', '--porcelain'), ' M big.bin');
    assert.equal(run(['find', '.', '-printf', '%p %s %T@\\n'], { cwd: source.path }), before);
  });

  it('fetches contents that the clone lacks, to the same bytes', async () => {
    await using server = await startLfsServer([BIG, OTHER]);
    await using source = await lfsRepository({ '.lfsconfig': `[lfs]\n\turl = ${server.url}\n` });
    await using local = await unpackCheckout(source.path, {}, { lfs: 'contents' });
    assert.deepEqual(server.fetched, []);
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    await using fetched = await unpackCheckout(source.path, {}, { lfs: 'contents' });
    assert.equal(server.fetched.length, 2);
    assert.equal(fetched.diffId, local.diffId);
    assert.equal(await isThere(join(source.path, '.git/lfs/objects')), false);
  });

  it('fetches them from a remote that is a folder too', async () => {
    await using source = await lfsRepository();
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', source.path, folder.path]);
    await using laid = await unpackCheckout(
      folder.path,
      { remoteUrl: `file://${source.path}` },
      { lfs: 'contents' },
    );
    assert.equal(await readFile(join(laid.top, 'big.bin'), 'utf8'), BIG);
  });

  it('refuses a commit whose contents are nowhere, and names the file', async () => {
    await using server = await startLfsServer([BIG]);
    await using source = await lfsRepository({ '.lfsconfig': `[lfs]\n\turl = ${server.url}\n` });
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents' }), {
      phase: 'build',
      code: 'not-found',
      message: /^cannot lay down the Git LFS contents of sub\/other\.bin: .*(404|exist)/,
      hint: /^Push the object \(git lfs push --all\)/,
    });
  });

  it('says what to do where there is no git-lfs, and needs none without files of Git LFS', async () => {
    await using source = await lfsRepository();
    await using folder = await temporaryFolder();
    const real = run(['sh', '-c', 'command -v git']).trim();
    const git = join(folder.path, 'git');
    await mkdir(join(folder.path, 'nothing'));
    await writeFile(git, `#!/bin/sh\nPATH=${folder.path}/nothing exec ${real} "$@"\n`);
    await chmod(git, 0o755);
    await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents', git }), {
      phase: 'build',
      message: 'cannot lay down Git LFS contents: there is no program "git-lfs"',
      hint: /^Install git-lfs/,
    });
    await using plain = await createRepository();
    await plain.commit({ a: 'a\n' });
    await using laid = await unpackCheckout(plain.path, {}, { lfs: 'contents', git });
    assert.equal(await readFile(join(laid.top, 'a'), 'utf8'), 'a\n');
  });
});
