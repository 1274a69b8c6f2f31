import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { createRegistryTrial } from '../../src/adapters/oras/registry-trial.ts';
import { openRegistryStore } from '../../src/adapters/oras/registry-store.ts';
import { examineRegistry } from '../../src/doctor/examine-registry.ts';
import { PLATFORM } from '../observe/dockerfile/dockerfile-repository.ts';
import { startFaultProxy, type Fault, type ProxiedRequest } from '../support/fault-proxy.ts';
import { testOras } from '../support/oras.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from '../support/registry.ts';
import { testSignal } from '../support/staged-image.ts';
import { pushTinyImage } from '../support/tiny-image.ts';

const TAG = 'doctor-1';

interface Trial {
  readonly host: string;
  readonly base?: string;
  readonly password?: boolean;
  readonly signal?: AbortSignal;
  readonly callMs?: number;
}

async function examine({ host, base, password = false, signal = testSignal(), callMs = 20_000 }: Trial) {
  const location = { kind: 'registry', registry: host, repository: 'team/app' } as const;
  const credentialsFor = async () => (password ? ACCOUNT : undefined);
  const oras = testOras({ credentials: { credentialsFor }, limits: { callMs, bytesPerSecond: 1_000_000 } });
  const openTrialStaging = async () => {
    const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-doctor-'));
    const staging = await openStaging(folder.path, { signal });
    return { ...staging, [Symbol.asyncDispose]: async () => await folder.remove() };
  };
  const examination = await examineRegistry(
    {
      tag: TAG,
      platform: PLATFORM,
      base: base === undefined ? undefined : { reference: base, platform: PLATFORM },
    },
    {
      target: openRegistryStore(location, oras),
      trial: createRegistryTrial(location, oras),
      openStaging: openTrialStaging,
      credentialOrigin: async () => undefined,
    },
    { signal },
  );
  assert.equal(examination.kind, 'registry');
  return examination;
}

async function tagsOf({ host }: Pick<TestRegistry, 'host'>): Promise<readonly string[]> {
  const answer = (await (await fetch(`http://${host}/v2/team/app/tags/list`)).json()) as {
    readonly tags?: readonly string[] | null;
  };
  return answer.tags ?? [];
}

/** What came of each question: its answer, or the code of its failure. */
function answersOf({ exists, push, pull, mount, referrers, removal }: Awaited<ReturnType<typeof examine>>) {
  const all = { exists, push, pull, mount, referrers, removal };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, each]) => {
      if (each === undefined) return [];
      if (each.kind === 'failed') return [[name, each.code]];
      return [[name, name === 'push' || name === 'removal' ? 'done' : each.value]];
    }),
  );
}

const refuse = (status: number, isRefused: (request: ProxiedRequest) => boolean) => {
  const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'requested access is denied' }] });
  return (request: ProxiedRequest): Fault | undefined =>
    isRefused(request) ? { kind: 'answer', status, body } : undefined;
};

describe('the examination of a registry', () => {
  it('pushes, pulls, mounts and deletes, and leaves nothing', async () => {
    await using registry = await startRegistry();
    const base = await pushTinyImage(registry.host, 'base/tiny:1');
    const found = { push: 'done', pull: true, mount: 'mounted', referrers: false, removal: 'done' };
    assert.deepEqual(answersOf(await examine({ host: registry.host, base })), { exists: false, ...found });
    assert.deepEqual(await tagsOf(registry), []);
    const { digest } = JSON.parse(
      (await execa('oras', ['manifest', 'fetch', '--descriptor', '--plain-http', base])).stdout,
    ) as { readonly digest: string };
    const kept = await fetch(`http://${registry.host}/v2/team/app/manifests/${digest}`);
    assert.equal(kept.status, 404, 'the manifest of the base stayed');
    // The repository is there now, and still not the base.
    assert.deepEqual(answersOf(await examine({ host: registry.host, base })), { exists: true, ...found });
  });

  it('takes a base that is there already for what it is', async () => {
    await using registry = await startRegistry();
    const base = await pushTinyImage(registry.host, 'base/tiny:1');
    await execa('oras', [
      'cp',
      '--from-plain-http',
      '--to-plain-http',
      base,
      `${registry.host}/team/app:own`,
    ]);
    assert.equal(answersOf(await examine({ host: registry.host, base }))['mount'], 'present');
    assert.deepEqual(await tagsOf(registry), ['own']);
  });

  it('copies no blob where the registry mounts none', async () => {
    await using registry = await startRegistry();
    const base = await pushTinyImage(registry.host, 'base/tiny:1');
    await using proxy = await startFaultProxy(registry.host);
    proxy.intercept = ({ url }) =>
      url.includes('mount=')
        ? { kind: 'answer', status: 202, headers: { location: '/v2/team/app/blobs/uploads/gone' } }
        : undefined;
    const near = base.replace(registry.host, proxy.host);
    const { mount } = await examine({ host: proxy.host, base: near });
    assert.deepEqual(mount, { kind: 'done', value: 'copied' });
    assert.deepEqual(await tagsOf(registry), []);
  });

  it('does not ask for the mount of a base of another registry', async () => {
    await using registry = await startRegistry();
    const { mount } = await examine({ host: registry.host, base: 'docker.io/library/debian:bookworm' });
    assert.equal(mount, undefined);
  });

  it('finds the referrers API', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };
    proxy.intercept = ({ url }) =>
      url.includes('/referrers/')
        ? {
            kind: 'answer',
            status: 200,
            headers: { 'content-type': index.mediaType },
            body: JSON.stringify(index),
          }
        : undefined;
    assert.equal(answersOf(await examine({ host: proxy.host }))['referrers'], true);
  });

  it('works with a password, and says that there is none', async () => {
    await using registry = await startRegistry({ password: true });
    assert.partialDeepStrictEqual(answersOf(await examine({ host: registry.host, password: true })), {
      push: 'done',
      pull: true,
      removal: 'done',
    });
    const nobody = answersOf(await examine({ host: registry.host }));
    assert.deepEqual(nobody, { exists: 'unauthorized', push: 'unauthorized' });
  });

  it('lets the push tell where an account may not list tags', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    proxy.intercept = refuse(403, ({ url }) => url.includes('/tags/list'));
    const { exists, push, pull } = answersOf(await examine({ host: proxy.host }));
    assert.deepEqual([exists, push, pull], ['unauthorized', 'done', true]);
  });

  it('says that an account may only read', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    proxy.intercept = refuse(403, ({ method }) => !['GET', 'HEAD'].includes(method));
    assert.deepEqual(answersOf(await examine({ host: proxy.host })), { exists: false, push: 'unauthorized' });
  });

  for (const [what, status] of [
    ['an account may not delete', 403],
    ['a registry deletes nothing for anybody', 405],
  ] as const) {
    it(`says that ${what}`, async () => {
      await using registry = await startRegistry();
      await using proxy = await startFaultProxy(registry.host);
      proxy.intercept = refuse(status, ({ method }) => method === 'DELETE');
      const { removal } = await examine({ host: proxy.host });
      assert.equal(removal?.kind, 'failed');
      assert.deepEqual(await tagsOf(registry), [TAG]);
    });
  }

  it('says that a registry was told to delete nothing', async () => {
    await using registry = await startRegistry({ keeps: true });
    const { removal } = await examine({ host: registry.host });
    assert.equal(removal?.kind, 'failed');
    assert.match(removal.message, /^cannot delete 127\.0\.0\.1:\d+\/team\/app:doctor-1: /);
    assert.deepEqual(await tagsOf(registry), [TAG]);
  });

  it('gives up on a registry that hangs, and on one that is not there', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    proxy.intercept = () => ({ kind: 'hang' });
    assert.deepEqual(answersOf(await examine({ host: proxy.host, callMs: 200 })), { exists: 'unreachable' });
    assert.deepEqual(answersOf(await examine({ host: '127.0.0.1:9' })), { exists: 'unreachable' });
  });

  it('takes back what it pushed when the run is interrupted', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    const controller = new AbortController();
    const stop = new Error('enough');
    let isPushed = false;
    proxy.intercept = ({ method, url }) => {
      if (method === 'PUT' && url.includes('/manifests/')) isPushed = true;
      else if (isPushed && method === 'GET' && url.endsWith(`/manifests/${TAG}`)) controller.abort(stop);
      return undefined;
    };
    await assert.rejects(examine({ host: proxy.host, signal: controller.signal }), stop);
    assert.ok(isPushed);
    assert.deepEqual(await tagsOf(registry), []);
  });
});
