import assert from 'node:assert/strict';
import { access, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openSshAccess } from '../../../src/adapters/git/ssh-access.ts';
import { createRepository, run, type TestRepository } from './git-fixture.ts';
import { startSshServer, type SshServer } from './ssh-server.ts';
import { unpackCheckout } from './unpacked-checkout.ts';

describe('openSourceTree with a submodule over SSH', () => {
  let server: SshServer;
  let lib: TestRepository;
  let app: TestRepository;
  const request = { remoteUrl: 'https://bitbucket.org/team/app' };

  before(async () => {
    server = await startSshServer();
    lib = await createRepository();
    const commit = await lib.commit({ 'lib.txt': 'private\n' });
    app = await createRepository();
    await app.commit({
      '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${server.url}${lib.path}\n`,
    });
    app.git('update-index', '--add', '--cacheinfo', `160000,${commit},lib`);
    app.git('commit', '--quiet', '--message', 'lib');
  });
  after(async () => {
    for (const each of [app, lib, server]) await each[Symbol.asyncDispose]();
  });

  it('fetches it with a key in base64 from a known host, and keeps nothing of the key', async () => {
    const { knownHosts } = server;
    const key = Buffer.from(server.key).toString('base64');
    await using laid = await unpackCheckout(app.path, request, { ssh: { key, knownHosts } });
    assert.equal(await readFile(join(laid.top, 'lib/lib.txt'), 'utf8'), 'private\n');
    assert.equal(laid.git('status', '--porcelain'), '');
    assert.deepEqual(laid.told, []);
    const line = server.key.split('\n')[1] ?? '';
    assert.ok(line.length > 40);
    assert.equal(run(['sh', '-c', `grep -rlF '${line}' . || true`], { cwd: laid.top }), '');
  });

  it('takes a key as it is, and says that it believes a host that it does not know', async () => {
    await using laid = await unpackCheckout(app.path, request, { ssh: { key: server.key } });
    assert.equal(await readFile(join(laid.top, 'lib/lib.txt'), 'utf8'), 'private\n');
    assert.match(laid.told.join('\n'), /^the SSH servers of submodules and other repositories are believed/);
  });

  it('takes the key and the known hosts that Pipelines keeps in files', async () => {
    await using folder = await createRepository();
    await folder.write({ id_rsa: server.key, known_hosts: server.knownHosts });
    const ssh = { keyFile: join(folder.path, 'id_rsa'), knownHostsFile: join(folder.path, 'known_hosts') };
    await using laid = await unpackCheckout(app.path, request, { ssh });
    assert.equal(await readFile(join(laid.top, 'lib/lib.txt'), 'utf8'), 'private\n');
    assert.deepEqual(laid.told, []);
  });

  it('refuses another host than the one that is known, and another key', async () => {
    await using other = await startSshServer();
    const { host } = new URL(server.url);
    const [, ...foreign] = other.knownHosts.split(' ');
    const knownHosts = `[${host.replace(':', ']:')} ${foreign.join(' ')}`;
    await assert.rejects(unpackCheckout(app.path, request, { ssh: { key: server.key, knownHosts } }), {
      message: /^cannot lay down submodule lib: cannot fetch commit .*: Host key verification failed/,
      hint: /SSH_KNOWN_HOSTS/,
    });
    const ssh = { key: other.key, knownHosts: server.knownHosts };
    await assert.rejects(unpackCheckout(app.path, request, { ssh }), {
      phase: 'build',
      code: 'unreachable',
      message: /^cannot lay down submodule lib: cannot fetch commit .*: .*Permission denied/,
      hint: /SSH_KEY/,
    });
  });

  it('says that a key is locked with a passphrase, whatever its form', async () => {
    await using folder = await createRepository();
    const file = join(folder.path, 'locked');
    for (const form of ['RFC4716', 'PEM', 'PKCS8']) {
      run(['ssh-keygen', '-q', '-t', 'ecdsa', '-m', form, '-N', 'open sesame', '-f', file]);
      const key = await readFile(file, 'latin1');
      for (const ssh of [{ key }, { key: Buffer.from(key).toString('base64') }, { keyFile: file }])
        await assert.rejects(unpackCheckout(app.path, request, { ssh }), {
          phase: 'usage',
          message:
            'key' in ssh
              ? /^cannot lay down submodule lib: cannot use SSH_KEY: it is locked with a passphrase$/
              : /cannot use \/.*\/locked: it is locked with a passphrase$/,
          hint: /^Give a key without a passphrase/,
        });
      await rm(file);
    }
  });

  it('refuses what is no key, and leaves no key behind', async () => {
    await assert.rejects(unpackCheckout(app.path, request, { ssh: { key: 'bm8ga2V5' } }), {
      message: /^cannot lay down submodule lib: cannot use SSH_KEY: it is no private key/,
    });
    const ssh = await openSshAccess({ key: server.key });
    const [, file = ''] = /-i (\S+)/.exec(ssh.command) ?? [];
    assert.equal(run(['stat', '-c', '%a', file]).trim(), '600');
    await ssh[Symbol.asyncDispose]();
    await assert.rejects(access(file), { code: 'ENOENT' });
    await assert.rejects(access(dirname(file)), { code: 'ENOENT' });
  });
});
