import assert from 'node:assert/strict';
import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openSourceTree } from '../../../src/adapters/git/source-tree.ts';
import { createRepository, run, temporaryFolder } from './git-fixture.ts';
import { BIG, lfsRepository, OTHER } from './lfs-repository.ts';
import { startLfsServer } from './lfs-server.ts';
import { unpackCheckout } from './unpacked-checkout.ts';

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

  it('refuses contents in the clone that are not what the pointer names, and names the file', async () => {
    await using source = await lfsRepository({ '.lfsconfig': '[lfs]\n\tfetchexclude = sub\n' });
    const object = (text: string): string => createHash('sha256').update(text).digest('hex');
    const path = run(['find', '.git/lfs/objects', '-name', object(BIG)], { cwd: source.path }).trim();
    await writeFile(join(source.path, path), BIG.replace('big', 'bad'));
    await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents' }), {
      phase: 'build',
      code: 'corrupt',
      message: 'cannot lay down the Git LFS contents of big.bin: they are not those that its pointer names',
      hint: /git lfs fsck/,
    });
    // What is no pointer in the commit, and what .lfsconfig leaves out, is nobody's fault.
    await source.write({ 'real.bin': 'no pointer\n', 'big.bin': BIG });
    source.git('add', 'real.bin', 'big.bin');
    source.git('commit', '--quiet', '--message', 'no pointers');
    run(['rm', '-r', '.git/lfs'], { cwd: source.path });
    await using laid = await unpackCheckout(source.path, {}, { lfs: 'contents' });
    assert.match(await readFile(join(laid.top, 'sub/other.bin'), 'utf8'), /^version https:/);
    assert.equal(await readFile(join(laid.top, 'big.bin'), 'utf8'), BIG);
  });

  it('refuses missing contents though git-lfs is told to leave pointers for them', async () => {
    await using server = await startLfsServer([BIG]);
    const skip = `[lfs]\n\turl = ${server.url}\n\tskipdownloaderrors = true\n`;
    await using source = await lfsRepository({ '.lfsconfig': skip });
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    const before = process.env['GIT_LFS_SKIP_DOWNLOAD_ERRORS'];
    process.env['GIT_LFS_SKIP_DOWNLOAD_ERRORS'] = '1';
    try {
      await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents' }), {
        code: 'not-found',
        message: /^cannot lay down the Git LFS contents of sub\/other\.bin: /,
      });
    } finally {
      if (before === undefined) delete process.env['GIT_LFS_SKIP_DOWNLOAD_ERRORS'];
      else process.env['GIT_LFS_SKIP_DOWNLOAD_ERRORS'] = before;
    }
  });

  it('ends git-lfs and all else when it is aborted, though the server never answers', async () => {
    const stop = new AbortController();
    const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
    await using silent = createServer((request) => {
      request.socket.once('close', onClose);
      stop.abort(new Error('stopped'));
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `http://127.0.0.1:${address.port}`;
    await using source = await lfsRepository({ '.lfsconfig': `[lfs]\n\turl = ${url}\n` });
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    const request = {
      commit: source.git('rev-parse', 'HEAD'),
      ref: { kind: 'detached' },
      remoteUrl: undefined,
      historyDepth: 1,
    } as const;
    const laying = openSourceTree(source.path, { lfs: 'contents' }).layDown(request, { signal: stop.signal });
    await assert.rejects(laying, { message: 'stopped' });
    await closed;
    await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents', fetchBoundMs: 500 }), {
      phase: 'build',
      code: 'unreachable',
      message: 'cannot lay down the Git LFS contents: they did not come within 0.5 s',
    });
  });

  it('shows no password of a server that refuses it', async () => {
    await using refusing = createServer((_, response) => {
      response.writeHead(401, { 'lfs-authenticate': 'Basic realm="lfs"' }).end();
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const address = refusing.address();
    assert.ok(address !== null && typeof address === 'object');
    const url = `http://jane:s3cretword@127.0.0.1:${address.port}`;
    await using source = await lfsRepository({ '.lfsconfig': `[lfs]\n\turl = ${url}\n` });
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    await assert.rejects(unpackCheckout(source.path, {}, { lfs: 'contents' }), (thrown: Error) => {
      assert.match(thrown.message, /contents of big\.bin: .*http:\/\/127\.0\.0\.1:/);
      assert.doesNotMatch(thrown.message, /s3cretword/);
      return true;
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
