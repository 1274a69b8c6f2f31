import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRemoteRepositories, type RemoteOptions } from '../../../src/adapters/git/remote-repositories.ts';
import { openRepository } from '../../../src/adapters/git/repository.ts';
import { startGitServer } from '../../support/git-http-server.ts';
import { startStepProxy } from '../../support/step-proxy.ts';
import { frontFor } from '../../support/front-server.ts';
import { BIG, lfsRepository, OTHER } from './lfs-repository.ts';
import { startLfsServer } from './lfs-server.ts';
import { createRepository, temporaryFolder, untilLong, type TestRepository } from './git-fixture.ts';
import { startSshServer } from './ssh-server.ts';
import { unpackCheckout } from './unpacked-checkout.ts';

const open = (more: Partial<RemoteOptions> = {}) =>
  openRemoteRepositories({ local: false, proxied: undefined, ...more });

describe('openRemoteRepositories', () => {
  let lib: TestRepository;
  let old: string;
  let main: string;
  let feature: string;

  before(async () => {
    lib = await createRepository();
    old = await lib.commit({ text: 'old\n' });
    main = await lib.commit({ text: 'main\n' });
    lib.git('checkout', '--quiet', '-b', 'feature/x');
    feature = await lib.commit({ text: 'feature\n' });
    lib.git('branch', 'other/feature/x', old);
    lib.git('checkout', '--quiet', 'main');
  });
  after(async () => {
    await lib[Symbol.asyncDispose]();
  });

  it('finds a branch and the default one, over file, http and ssh', async () => {
    await using server = await startGitServer({ repositories: { 'team/lib': join(lib.path, '.git') } });
    await using sshd = await startSshServer();
    const ssh = { key: sshd.key, knownHosts: sshd.knownHosts };
    for (const [address, options] of [
      [`file://${lib.path}`, { local: true }],
      [lib.path, { local: true }],
      [`http://${server.host}/team/lib`, {}],
      [`${sshd.url}${lib.path}`, { ssh }],
    ] as const) {
      const tips = await open(options).findTips(address, 'feature/x', untilLong());
      assert.deepEqual(tips, {
        ofBranch: { commit: feature, branch: 'feature/x' },
        ofDefault: { commit: main, branch: 'main' },
      });
      const { ofBranch } = await open(options).findTips(address, 'x', untilLong());
      assert.equal(ofBranch, undefined);
    }
  });

  it('tells of a HEAD without a branch, and of a repository without a commit', async () => {
    await using detached = await createRepository();
    const commit = await detached.commit({});
    detached.git('checkout', '--quiet', '--detach');
    await using empty = await createRepository();
    const asked = open({ local: true });
    const { ofDefault } = await asked.findTips(detached.path, undefined, untilLong());
    assert.deepEqual(ofDefault, { commit });
    const none = { ofBranch: undefined, ofDefault: undefined };
    assert.deepEqual(await asked.findTips(empty.path, 'main', untilLong()), none);
  });

  it('fetches a commit of which Git LFS contents are laid down, from where its address leads', async () => {
    await using lfs = await startLfsServer([BIG, OTHER]);
    await using source = await lfsRepository();
    await rm(join(source.path, '.git/lfs'), { recursive: true });
    await using server = await startGitServer({ repositories: { 'team/lfs': join(source.path, '.git') } });
    await using front = await frontFor((path) =>
      path.includes('/info/lfs/') ? lfs.url : `http://${server.host}`,
    );
    const address = `${front.url}/team/lfs`;
    const commit = source.git('rev-parse', 'HEAD');
    await using fetched = await open().fetch(address, commit, 'build', untilLong());
    const request = { commit, historyDepth: 1, remoteUrl: address };
    await using laid = await unpackCheckout(fetched.directory, request, { lfs: 'contents' });
    assert.equal(await readFile(join(laid.top, 'big.bin'), 'utf8'), BIG);
    assert.equal(await readFile(join(laid.top, 'sub/other.bin'), 'utf8'), OTHER);
    assert.equal(lfs.fetched.length, 2);
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('fetches a commit alone, of which a checkout is laid as from a clone', async () => {
    await using server = await startGitServer({ repositories: { 'team/lib': join(lib.path, '.git') } });
    const url = `http://${server.host}/team/lib`;
    await using fetched = await open().fetch(url, main, 'build', untilLong());
    assert.equal(await openRepository(fetched.directory).readFile(main, 'text', untilLong()), 'main\n');
    const request = { commit: main, historyDepth: 1, remoteUrl: url };
    await using laid = await unpackCheckout(fetched.directory, request);
    assert.equal(laid.git('log', '--format=%H'), main);
    assert.equal(laid.git('status', '--porcelain', '--branch'), '## main...origin/main');
    await using cloned = await unpackCheckout(lib.path, request);
    assert.equal(laid.diffId, cloned.diffId);
    const { directory } = fetched;
    await fetched[Symbol.asyncDispose]();
    assert.ok(!existsSync(directory));
  });

  it('asks the host of the step’s proxy through it first, then by its own address', async () => {
    await using server = await startGitServer({ repositories: { 'team/lib': join(lib.path, '.git') } });
    await using proxy = await startStepProxy({ upstreams: { 'bitbucket.example': { host: server.host } } });
    const proxied = { proxy: proxy.url, host: 'bitbucket.example' };
    const { ofDefault } = await open({ proxied }).findTips(
      'https://bitbucket.example/team/lib',
      undefined,
      untilLong(),
    );
    assert.equal(ofDefault?.commit, main);
    const asked = proxy.requests.length;
    assert.ok(asked > 0);
    const direct = { proxied: { proxy: proxy.url, host: server.host } };
    proxy.intercept = () => 403;
    await open({ proxied }).findTips(`http://${server.host}/team/lib`, undefined, untilLong());
    assert.equal(proxy.requests.length, asked, 'another host is never asked through it');
    await using refusing = await startStepProxy({ upstreams: { [server.host]: { host: server.host } } });
    refusing.intercept = () => 403;
    const through = { proxied: { ...direct.proxied, proxy: refusing.url } };
    const found = await open(through).findTips(`http://${server.host}/team/lib`, undefined, untilLong());
    assert.equal(found.ofDefault?.commit, main);
    assert.ok(refusing.requests.length > 0);
  });

  it('fetches by its own address what the proxy refuses, into the same folder', async () => {
    await using server = await startGitServer({ repositories: { 'team/lib': join(lib.path, '.git') } });
    await using proxy = await startStepProxy({ upstreams: { [server.host]: { host: server.host } } });
    proxy.intercept = ({ method }) => (method === 'POST' ? 403 : undefined);
    const options = { proxied: { proxy: proxy.url, host: server.host } };
    await using fetched = await open(options).fetch(
      `http://${server.host}/team/lib`,
      feature,
      'build',
      untilLong(),
    );
    assert.ok(proxy.requests.some(({ method }) => method === 'POST'));
    const text = await openRepository(fetched.directory).readFile(feature, 'text', untilLong());
    assert.equal(text, 'feature\n');
  });

  it('lays the submodules of what it fetched, whose addresses are relative to its own', async () => {
    await using outer = await createRepository();
    await outer.commit({ '.gitmodules': '[submodule "in"]\n\tpath = in\n\turl = ../lib\n' });
    outer.git('update-index', '--add', '--cacheinfo', `160000,${old},in`);
    outer.git('commit', '--quiet', '--message', 'in');
    const commit = outer.git('rev-parse', 'HEAD');
    await using server = await startGitServer({
      repositories: { 'team/lib': join(lib.path, '.git'), 'team/outer': join(outer.path, '.git') },
    });
    const url = `http://${server.host}/team/outer`;
    await using fetched = await open().fetch(url, commit, 'build', untilLong());
    await using laid = await unpackCheckout(fetched.directory, { commit, historyDepth: 1, remoteUrl: url });
    assert.equal(await readFile(join(laid.top, 'in/text'), 'utf8'), 'old\n');
    assert.equal(laid.git('status', '--porcelain'), '');
  });

  it('names what cannot be read, without its password, and says what to give', async () => {
    await using server = await startGitServer({ repositories: {} });
    await assert.rejects(
      open().findTips(`http://user:s3cret@${server.host}/team/gone`, undefined, untilLong()),
      (error: Error & { phase?: string; hint?: string }) => {
        assert.match(
          error.message,
          /^cannot read the branches of repository http:\/\/127\.0\.0\.1:\d+\/team\/gone: /,
        );
        assert.ok(!error.message.includes('s3cret'));
        assert.equal(error.phase, 'observe');
        assert.match(error.hint ?? '', /SSH_KEY/);
        return true;
      },
    );
    await assert.rejects(open({ local: true }).fetch(lib.path, '1'.repeat(40), 'build', untilLong()), {
      phase: 'build',
      code: 'not-found',
      hint: /name a branch/,
    });
  });

  it('follows no address that runs a program, or leads to this machine from elsewhere', async () => {
    await using folder = await temporaryFolder();
    for (const address of [`ext::touch ${folder.path}/sprung`, '-x', `file://${lib.path}`, lib.path])
      await assert.rejects(open().findTips(address, undefined, untilLong()), {
        phase: 'observe',
        message: /^cannot read repository .*: /,
        hint: /Mend its address/,
      });
    assert.ok(!existsSync(join(folder.path, 'sprung')));
  });
});
