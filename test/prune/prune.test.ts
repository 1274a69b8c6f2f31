import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { openPrunableLayout } from '../../src/adapters/layout/prunable-layout.ts';
import { createLayoutCopier } from '../../src/adapters/oras/layout-copier.ts';
import { openPrunableRegistry } from '../../src/adapters/oras/prunable-registry.ts';
import { openRegistryStore } from '../../src/adapters/oras/registry-store.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { lookAround } from '../../src/prune/look-around.ts';
import type { PrunableStore } from '../../src/prune/prunable-store.ts';
import { prune, type PrunePorts, type PruneRequest } from '../../src/prune/prune.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { failureOf } from '../support/failure-of.ts';
import { testOras } from '../support/oras.ts';
import { startRegistry } from '../support/registry.ts';
import { silentLog } from '../support/silent-log.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../support/staged-image.ts';
import { commitId, DAY, image } from './random-stock.ts';
import { storeBranch } from './stored-images.ts';

const signal = testSignal();

function portsOf(store: PrunableStore, branches: readonly string[] = ['main']): PrunePorts {
  return {
    store,
    remote: {
      list: async () => ({ branches: new Map(branches.map((name) => [name, commitId(1)])), tags: new Set() }),
    },
    history: { newestFirst: async () => [] },
    dates: { datesOf: async () => new Map() },
    pullRequests: undefined,
    log: silentLog().log,
  };
}

function request(changes: Partial<PruneRequest> = {}): PruneRequest {
  return {
    policy: { keep: 2, olderThan: DAY, pullRequestAge: 30 * DAY },
    always: ['main'],
    remoteUrl: undefined,
    now: new Date(),
    apply: true,
    ...changes,
  };
}

interface Place extends AsyncDisposable {
  readonly target: ContentStore & Uploader;
  readonly store: PrunableStore;
}

async function inRegistry(
  keeps = false,
): Promise<Place & { readonly host: string; readonly storage: string }> {
  const registry = await startRegistry({ keeps });
  const location = { kind: 'registry', registry: registry.host, repository: 'team/app' } as const;
  return {
    target: openRegistryStore(location, testOras()),
    store: openPrunableRegistry(location, testOras()),
    host: registry.host,
    storage: registry.storage,
    [Symbol.asyncDispose]: async () => await registry[Symbol.asyncDispose](),
  };
}

async function inLayout(): Promise<Place> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-prune-'));
  const location = { kind: 'layout', directory: join(folder.path, 'images') } as const;
  return {
    target: openLayoutStore(location, createLayoutCopier(testOras())),
    store: openPrunableLayout(location),
    [Symbol.asyncDispose]: async () => await folder.remove(),
  };
}

const shortly = (tags: readonly string[]) =>
  tags.map((tag) => tag.replace(/-[0-9a-f]{40,64}$/, '').replace(/^sha256$/, 'referrers')).toSorted();

const ALL = ['branch', 'commit-SCOPE', 'hint-SCOPE', 'report-SCOPE', 'step-SCOPE'];
const of = (branch: string, scope: string) =>
  ALL.map((tag) => (tag === 'branch' ? `branch-${branch}` : tag.replace('SCOPE', scope)));

for (const [place, open] of [
  ['a registry', inRegistry],
  ['an OCI layout', inLayout],
] as const)
  describe(`prune in ${place}`, () => {
    it('deletes what a branch that is gone left, and nothing of another', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      await storeBranch('old', 2, staged.staging, at.target);
      const before = shortly(await at.target.listTags({ signal }));
      const foreseen = await prune(request({ apply: false }), portsOf(at.store), { signal });
      assert.deepEqual(shortly(await at.target.listTags({ signal })), before, 'a dry run deletes nothing');
      assert.deepEqual(
        foreseen.going.map(({ kind }) => kind),
        ['hint', 'image', ...(place === 'a registry' ? ['referrers'] : []), 'report', 'record'],
      );
      assert.ok(foreseen.freedBytes > 30_000 && foreseen.freedBytes < 40_000, String(foreseen.freedBytes));
      const done = await prune(request(), portsOf(at.store), { signal });
      assert.deepEqual(done.going, foreseen.going);
      const left = (await at.target.listTags({ signal })).filter((tag) => !tag.startsWith('sha256-'));
      assert.deepEqual(shortly(left), of('main', 'protected.main').toSorted());
      const kept = await at.target.readManifest('branch-main', { signal });
      for (const blob of [kept?.manifest.config, ...(kept?.manifest.layers ?? [])])
        assert.ok(blob && (await at.target.hasBlob(blob, { signal })));
      const again = await prune(request(), portsOf(at.store), { signal });
      assert.deepEqual(again.going, []);
    });

    it('deletes nothing of a branch that is there, or that is young', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      await storeBranch('old', 2, staged.staging, at.target, new Date().toISOString());
      assert.deepEqual((await prune(request(), portsOf(at.store, ['main', 'old']), { signal })).going, []);
      const old = { policy: { ...request().policy, olderThan: 0 } };
      assert.deepEqual((await prune(request(), portsOf(at.store), { signal })).going, []);
      assert.equal(
        (await prune(request(old), portsOf(at.store), { signal })).going.length,
        place === 'a registry' ? 5 : 4,
      );
    });

    it('spares an image that a build names right before', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      await storeBranch('old', 2, staged.staging, at.target);
      const image = await at.target.resolve('branch-old', { signal });
      assert.ok(image);
      let listings = 0;
      const store: PrunableStore = {
        ...at.store,
        async listTags(options) {
          if (++listings === 2) await at.target.tag(image.digest, ['branch-new'], { signal });
          return await at.store.listTags(options);
        },
      };
      const { going } = await prune(request(), portsOf(store), { signal });
      assert.deepEqual(
        going.map(({ kind }) => kind),
        [],
        'its record, hint and report stay with it',
      );
      assert.equal((await at.target.resolve('branch-new', { signal }))?.digest, image.digest);
    });

    it('spares the record that only an image needs which came right before', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      await storeBranch('old', 2, staged.staging, at.target);
      const old = await at.store.readManifest('branch-old', { signal });
      assert.ok(old);
      let listings = 0;
      const store: PrunableStore = {
        ...at.store,
        async listTags(options) {
          if (++listings === 2) {
            const { annotations } = old.manifest;
            const tag = 'branch-fresh';
            await stageImage(staged.staging, tag, [noise(90, 500)], { annotations: { ...annotations } });
            await at.target.upload(staged.staging.directory, tag, { signal });
          }
          return await at.store.listTags(options);
        },
      };
      const { going } = await prune(request(), portsOf(store), { signal });
      const kinds = going.map(({ kind }) => kind);
      assert.ok(kinds.includes('image'), 'the old image goes');
      assert.ok(!kinds.includes('record') && !kinds.includes('hint'), String(kinds));
      assert.ok(await at.target.resolve('branch-fresh', { signal }));
    });

    it('sweeps also where nothing goes, if it is to delete', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      let sweeps = 0;
      const store: PrunableStore = {
        ...at.store,
        async sweep() {
          sweeps++;
          return 12;
        },
      };
      const foreseen = await prune(request({ apply: false }), portsOf(store), { signal });
      assert.deepEqual([foreseen.applied, sweeps], [false, 0]);
      const { going, applied, sweptBytes } = await prune(request(), portsOf(store), { signal });
      assert.deepEqual([going, applied, sweptBytes, sweeps], [[], true, 12, 1]);
    });

    it('has nothing to do where nothing is', async () => {
      await using at = await open();
      const { going, applied } = await prune(request(), portsOf(at.store), { signal });
      assert.deepEqual([going, applied], [[], true]);
    });

    it('leaves tags of others alone, and what an index of theirs lists', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('main', 1, staged.staging, at.target);
      await storeBranch('old', 2, staged.staging, at.target);
      const image = await at.target.resolve('branch-old', { signal });
      assert.ok(image);
      await at.target.tag(image.digest, ['release-1'], { signal });
      const { going } = await prune(request(), portsOf(at.store), { signal });
      assert.deepEqual(going, []);
    });

    it('ends without deleting where it cannot be told which branches there are', async () => {
      await using staged = await openTestStaging();
      await using at = await open();
      await storeBranch('old', 2, staged.staging, at.target);
      const remote = { list: async () => await Promise.reject(new Error('nobody answers')) };
      await assert.rejects(prune(request(), { ...portsOf(at.store), remote }, { signal }), /nobody answers/);
      assert.equal(
        (await at.target.listTags({ signal })).filter((tag) => !tag.startsWith('sha256-')).length,
        5,
      );
    });
  });

describe('prune', () => {
  it('reads the history of a branch for its own scopes, not for a pull request of its name', async () => {
    const asked: string[] = [];
    const stock = [image({ kind: 'pull-request', id: 7 }, 1), image({ kind: 'branch', branch: 'main' }, 1)];
    const ports = {
      ...portsOf(undefined as never, ['7', 'main']),
      history: {
        newestFirst: async (tip: string) => {
          asked.push(tip);
          return [commitId(1)];
        },
      },
    };
    const { positions } = await lookAround(stock, [], ports, { signal });
    assert.deepEqual([...positions], [['branch.main', new Map([[commitId(1), 0]])]]);
    assert.equal(asked.length, 1);
  });
});

describe('prune in a registry', () => {
  it('leaves images whole after its garbage collection, which frees the rest', async () => {
    await using staged = await openTestStaging();
    await using at = await inRegistry();
    await storeBranch('main', 1, staged.staging, at.target);
    await storeBranch('old', 2, staged.staging, at.target);
    const old = await at.target.readManifest('branch-old', { signal });
    await prune(request(), portsOf(at.store), { signal });
    assert.deepEqual(
      (await at.target.listTags({ signal })).filter((tag) => tag.startsWith('sha256-')).length,
      1,
      'of the referrers only those of the image that stays',
    );
    await execa('docker-registry', ['garbage-collect', join(at.storage, '..', 'config.yml')]);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-pulled-'));
    const pulled = `${folder.path}/images:main`;
    await execa('oras', [
      'cp',
      '--from-plain-http',
      '--to-oci-layout',
      `${at.host}/team/app:branch-main`,
      pulled,
    ]);
    const oras = testOras();
    const fresh = openRegistryStore({ kind: 'registry', registry: at.host, repository: 'team/app' }, oras);
    const layer = old?.manifest.layers[1];
    assert.ok(layer);
    const file = join(
      at.storage,
      'docker/registry/v2/blobs/sha256',
      layer.digest.slice(7, 9),
      layer.digest.slice(7),
    );
    await assert.rejects(execa('ls', [file]), 'the blob is freed');
    assert.ok(await fresh.resolve('branch-main', { signal }));
  });

  it('says what to change where it deletes nothing', async () => {
    await using staged = await openTestStaging();
    await using at = await inRegistry(true);
    await storeBranch('main', 1, staged.staging, at.target);
    await storeBranch('old', 2, staged.staging, at.target);
    const failure = await failureOf(prune(request(), portsOf(at.store), { signal }));
    assert.equal(failure.phase, 'publish');
    assert.match(failure.message, /^cannot delete 127\.0\.0\.1:\d+\/team\/app@sha256:[0-9a-f]{64}: /);
    assert.match(failure.hint ?? '', /storage\.delete\.enabled/);
  });
});
