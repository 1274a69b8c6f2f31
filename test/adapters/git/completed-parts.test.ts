import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completeClone } from '../../../src/adapters/git/complete-clone.ts';
import { startGitServer } from '../../support/git-http-server.ts';
import { startStepProxy } from '../../support/step-proxy.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';
import { cloneAsPipelines, ORIGIN, serveRepository } from './pipelines-clone.ts';
import { unpackCheckout } from './unpacked-checkout.ts';

const MAIN = { kind: 'branch', name: 'main' } as const;

/** A repository on Bitbucket whose submodules have these addresses, each with the one commit of `lib`. */
async function serveWithSubmodules(urls: Readonly<Record<string, string>>) {
  await using stack = new AsyncDisposableStack();
  const lib = stack.use(await createRepository());
  const link = await lib.commit({ 'lib.txt': 'library\n' });
  const app = stack.use(await createRepository());
  await app.commit({ '.gitmodules': '' });
  for (const [path, url] of Object.entries(urls)) {
    app.git('update-index', '--add', '--cacheinfo', `160000,${link},${path}`);
    app.git('config', '--file', '.gitmodules', `submodule.${path}.path`, path);
    app.git('config', '--file', '.gitmodules', `submodule.${path}.url`, url);
  }
  app.git('add', '.gitmodules');
  app.git('commit', '--quiet', '--allow-empty', '--message', 'submodules');
  const repositories = { 'team/app': join(app.path, '.git'), 'team/lib': join(lib.path, '.git') };
  const server = stack.use(await startGitServer({ repositories }));
  const proxy = stack.use(await startStepProxy({ upstreams: { 'bitbucket.org': server } }));
  const owned = stack.move();
  return { source: app, server, proxy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe('a completed clone', () => {
  it('has its submodules: of its own host through the proxy, of others past it', async () => {
    await using elsewhere = await serveWithSubmodules({});
    const there = `http://${elsewhere.server.host}/team/lib`;
    await using served = await serveWithSubmodules({ near: '../lib', far: there });
    await using folder = await temporaryFolder();
    const commit = served.source.git('rev-parse', 'HEAD');
    const origin = { kind: 'proxied', url: ORIGIN, proxy: served.proxy.url } as const;
    const request = { directory: folder.path, commit, ref: MAIN, historyDepth: 50, origin };
    await using complete = await completeClone(request, {}, untilLong());
    served.proxy.reset();
    const checkout = { commit, ref: MAIN, remoteUrl: 'https://bitbucket.org/team/app' };
    await using laid = await unpackCheckout(complete.directory, checkout, { proxy: served.proxy.url });
    assert.equal(run(['cat', 'near/lib.txt', 'far/lib.txt'], { cwd: laid.top }), 'library\nlibrary\n');
    assert.equal(laid.git('-C', 'near', 'config', 'remote.origin.url'), 'https://bitbucket.org/team/lib');
    assert.deepEqual(
      [...new Set(served.proxy.requests.map(({ url }) => new URL(url).pathname.split('/', 3).join('/')))],
      ['/team/lib'],
    );
  });

  it('finds what the clone has of Git LFS and of submodules', async () => {
    const contents = 'contents\n';
    const oid = createHash('sha256').update(contents).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${contents.length}\n`;
    await using lib = await createRepository();
    const link = await lib.commit({ 'lib.txt': 'library\n' });
    await using served = await serveRepository({ commits: 1 });
    await served.source.write({ '.gitattributes': '*.bin filter=lfs -text\n', 'big.bin': pointer });
    served.source.git('update-index', '--add', '--cacheinfo', `160000,${link},lib`);
    served.source.git('config', '--file', '.gitmodules', 'submodule.lib.path', 'lib');
    served.source.git('config', '--file', '.gitmodules', 'submodule.lib.url', '../gone');
    served.source.git('add', '.gitmodules', '.gitattributes', 'big.bin');
    served.source.git('commit', '--quiet', '--message', 'more');
    const commit = served.source.git('rev-parse', 'HEAD');
    await using folder = await temporaryFolder();
    const clone = cloneAsPipelines(served, folder.path, { args: ['--filter=blob:none', '--no-checkout'] });
    run(['git', 'clone', '--quiet', '--bare', lib.path, join(clone, '.git/modules/lib')]);
    const kept = join(clone, '.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4));
    await mkdir(kept, { recursive: true });
    await writeFile(join(kept, oid), contents);
    const origin = { kind: 'proxied', url: ORIGIN, proxy: served.proxy.url } as const;
    const request = { directory: clone, commit, ref: MAIN, historyDepth: 50, origin };
    await using complete = await completeClone(request, {}, untilLong());
    assert.notEqual(complete.directory, clone);
    const checkout = { commit, ref: MAIN, remoteUrl: 'https://bitbucket.org/team/app' };
    await using laid = await unpackCheckout(complete.directory, checkout, { lfs: 'contents' });
    assert.equal(run(['cat', 'big.bin', 'lib/lib.txt'], { cwd: laid.top }), `${contents}library\n`);
  });
});
