import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { openBranchHistory } from '../../../src/adapters/git/branch-history.ts';
import { openRemoteRefs } from '../../../src/adapters/git/remote-refs.ts';
import { makeClone } from '../../support/clone.ts';
import { ORIGIN, serveRepository } from './pipelines-clone.ts';
import { failureOf } from '../../support/failure-of.ts';

const signal = AbortSignal.timeout(60_000);
const OWN = { origin: { kind: 'own' }, withOwn: false } as const;

describe('openRemoteRefs', () => {
  it('asks the origin, not what the clone remembers of it', async () => {
    await using origin = await makeClone({ a: '1' }, 'origin');
    await origin.git('branch', 'feature/x');
    await origin.git('branch', 'old');
    await origin.git('tag', '-a', 'v1', '-m', 'One');
    await using clone = await makeClone({ b: '1' });
    await clone.git('remote', 'add', 'origin', origin.directory);
    await clone.git('fetch', '--quiet', 'origin');
    await clone.git('branch', 'mine');
    await origin.git('branch', '-D', 'old');
    await origin.git('branch', 'new');
    const head = await origin.git('rev-parse', 'HEAD');
    const refs = await openRemoteRefs({ directory: clone.directory, ...OWN }).list({ signal });
    assert.deepEqual([...refs.branches.keys()].toSorted(), ['feature/x', 'main', 'new']);
    assert.equal(refs.branches.get('feature/x'), head);
    assert.deepEqual([...refs.tags], ['v1']);
    const withOwn = await openRemoteRefs({ directory: clone.directory, ...OWN, withOwn: true }).list({
      signal,
    });
    assert.deepEqual([...withOwn.branches.keys()].toSorted(), ['feature/x', 'main', 'mine', 'new']);
    assert.equal(withOwn.branches.get('main'), head, 'the origin knows better');
  });

  it('asks a clone that has no origin itself', async () => {
    await using clone = await makeClone({ a: '1' });
    await clone.git('branch', 'mine');
    const { branches } = await openRemoteRefs({ directory: clone.directory, ...OWN }).list({ signal });
    assert.deepEqual([...branches.keys()].toSorted(), ['main', 'mine']);
  });

  it('asks an address where there is no clone', async () => {
    await using origin = await makeClone({ a: '1' });
    await using folder = await mkdtempDisposable(`${tmpdir()}/preheat-refs-`);
    const own = { kind: 'own', url: origin.directory } as const;
    const at = (kind: typeof own | { readonly kind: 'own' }) =>
      openRemoteRefs({ directory: folder.path, origin: kind, withOwn: false }).list({ signal });
    assert.deepEqual([...(await at(own)).branches.keys()], ['main']);
    assert.match((await failureOf(at({ kind: 'own' }))).message, /there is no clone in/);
  });

  it('asks through the proxy of a step, with the clone and without', async () => {
    await using served = await serveRepository({ commits: 3 });
    const origin = { kind: 'proxied', url: ORIGIN, proxy: served.proxy.url } as const;
    await using clone = await makeClone({ a: '1' });
    await clone.git('remote', 'add', 'origin', 'https://x-token-auth@bitbucket.org/team/app');
    await using folder = await mkdtempDisposable(`${tmpdir()}/preheat-refs-`);
    for (const directory of [clone.directory, folder.path]) {
      const { branches } = await openRemoteRefs({ directory, origin, withOwn: false }).list({ signal });
      assert.deepEqual([...branches.keys()], ['main']);
    }
    assert.ok(served.proxy.requests.length >= 2);
    assert.ok(served.proxy.requests.every(({ url }) => url.startsWith('http://bitbucket.org/team/app')));
  });

  it('fails where the origin does not answer, or has no branch', async () => {
    await using clone = await makeClone({ a: '1' });
    await clone.git('remote', 'add', 'origin', `${clone.directory}/nowhere`);
    const gone = await failureOf(openRemoteRefs({ directory: clone.directory, ...OWN }).list({ signal }));
    assert.deepEqual([gone.phase, gone.code], ['observe', 'unreachable']);
    await using empty = await mkdtempDisposable(`${tmpdir()}/preheat-empty-`);
    await clone.git('init', '--quiet', '--bare', empty.path);
    await clone.git('remote', 'set-url', 'origin', empty.path);
    const none = await failureOf(openRemoteRefs({ directory: clone.directory, ...OWN }).list({ signal }));
    assert.match(none.message, /^cannot tell which branches there are: .* has none$/);
  });
});

describe('openBranchHistory', () => {
  it('lists a commit and those before it, and nothing of what the clone lacks', async () => {
    await using clone = await makeClone({ a: '1' });
    const first = await clone.git('rev-parse', 'HEAD');
    const second = await clone.commit({ a: '2' });
    const history = openBranchHistory(clone.directory);
    assert.deepEqual(await history.newestFirst(second, { signal }), [second, first]);
    assert.deepEqual(await history.newestFirst('f'.repeat(40), { signal }), []);
    assert.deepEqual(await openBranchHistory('/nowhere').newestFirst(second, { signal }), []);
  });
});
