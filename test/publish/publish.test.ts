import assert from 'node:assert/strict';
import { openRegistryStore } from '../../src/adapters/oras/registry-store.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { readRecord } from '../../src/observe/read-record.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { publish, type PublishRequest } from '../../src/publish/publish.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { testOras } from '../support/oras.ts';
import { recordFor } from '../support/records.ts';
import { startRegistry } from '../support/registry.ts';
import { silentLog } from '../support/silent-log.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../support/staged-image.ts';

const signal = testSignal();
const KEY = digestOf('key of the image');
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const SCOPE = { kind: 'branch', branch: 'main' } as const;
const COMMIT_TAG = 'commit-branch.main-abc';
const RECORD_TAG = 'step-branch.main-def';

/** A registry behind a proxy with a base image in it, and a staged workspace image on top of that base. */
async function openPlace() {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry());
  const proxy = stack.use(await startFaultProxy(registry.host));
  const { staging } = stack.use(await openTestStaging());
  const { staging: elsewhere } = stack.use(await openTestStaging());
  const oras = testOras();
  const open = (repository: string) =>
    openRegistryStore({ kind: 'registry', registry: proxy.host, repository }, oras);
  const base = await stageImage(elsewhere, 'v1', [noise(1, 100_000)]);
  await open('library/base').upload(elsewhere.directory, 'v1', { signal });
  const annotations = { [ANNOTATION.imageKey]: KEY };
  const image = await stageImage(staging, COMMIT_TAG, [noise(2, 30_000)], { kept: base.layers, annotations });
  const [, task] = image.layers;
  assert.ok(task);
  const keys = { staticKey: digestOf('static'), contentKey: digestOf('content') };
  const record = { ...recordFor(keys, SCOPE), layers: [task] };
  const request: PublishRequest = {
    base: {
      kind: 'registry',
      reference: `${proxy.host}/library/base:v1`,
      digest: base.descriptor.digest,
      layers: base.layers,
    },
    commitTag: COMMIT_TAG,
    manifest: image.descriptor,
    imageKey: KEY,
    platform: PLATFORM,
    record: { tag: RECORD_TAG, record },
    hints: { commit: 'c'.repeat(40), tags: ['branch-main', 'pr-7'], isAncestor: async () => false },
  };
  const { log, lines } = silentLog();
  const owned = stack.move();
  const target = open('team/ws');
  return {
    proxy,
    image,
    record,
    request,
    lines,
    target,
    ports: { staging, target, log },
    puts: () =>
      proxy.exchanges.filter(({ method }) => method === 'PUT').map(({ url }) => url.split('?')[0] ?? ''),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe('publish', () => {
  it('publishes base, image, record and hints, in this order, and tells what it sent', async () => {
    await using place = await openPlace();
    const before = place.puts().length;
    const publication = await publish(place.request, place.ports, { signal });
    const [, task] = place.image.layers;
    const manifests = place
      .puts()
      .slice(before)
      .filter((url) => url.includes('/manifests/'))
      .map((url) => url.split('/').at(-1));
    assert.match(manifests[0] ?? '', /^sha256:/);
    assert.deepEqual(manifests.slice(1, 4), [place.image.descriptor.digest, COMMIT_TAG, RECORD_TAG]);
    assert.deepEqual(new Set(manifests.slice(4)), new Set(['branch-main', 'pr-7']));
    assert.equal(publication.outcome, 'published');
    assert.equal(publication.digest, place.image.descriptor.digest);
    assert.equal(publication.image, `${place.proxy.host}/team/ws:${COMMIT_TAG}`);
    assert.deepEqual(publication.tags, [COMMIT_TAG, 'branch-main', 'pr-7']);
    // Task layer and config of the image, config of the record; the base is mounted, the record's layer is there.
    assert.equal(publication.uploaded.blobs, 3);
    assert.ok(publication.uploaded.bytes > (task?.size ?? 0));
    for (const tag of [COMMIT_TAG, 'branch-main', 'pr-7']) {
      assert.deepEqual(await place.target.resolve(tag, { signal }), place.image.descriptor);
    }
    assert.deepEqual(await readRecord(place.target, RECORD_TAG, { signal }), { record: place.record });
  });

  it('adopts what another run has published under the same key, and sends nothing', async () => {
    await using place = await openPlace();
    await using staged = await openTestStaging();
    const annotations = { [ANNOTATION.imageKey]: KEY };
    const first = await stageImage(staged.staging, COMMIT_TAG, [noise(9, 5_000)], { annotations });
    await place.target.upload(staged.staging.directory, COMMIT_TAG, { signal });
    const publication = await publish(place.request, place.ports, { signal });
    assert.equal(publication.outcome, 'adopted');
    assert.equal(publication.digest, first.descriptor.digest);
    assert.deepEqual(publication.uploaded, { blobs: 0, bytes: 0 });
    assert.deepEqual(await place.target.resolve('branch-main', { signal }), first.descriptor);
    assert.equal(await place.target.resolve(RECORD_TAG, { signal }), undefined);
  });

  it('provides the base of an image whose steps were reused only where the target lacks it', async () => {
    await using place = await openPlace();
    const { record: _record, ...request } = place.request;
    const asked = (from: number) =>
      place.proxy.exchanges.slice(from).filter(({ url }) => url.includes('/library/base/')).length;
    const lacking = await publish({ ...request, isReused: true }, place.ports, { signal });
    assert.equal(lacking.outcome, 'published');
    assert.ok(asked(0) > 0, 'the base was provided');
    await using later = await openTestStaging();
    const annotations = { [ANNOTATION.imageKey]: digestOf('later') };
    const kept = place.image.layers;
    const next = await stageImage(later.staging, 'commit-later', [noise(5, 9_000)], { kept, annotations });
    const from = place.proxy.exchanges.length;
    const upon = { ...request, commitTag: 'commit-later', imageKey: digestOf('later'), isReused: true };
    const ports = { ...place.ports, staging: later.staging };
    const publication = await publish({ ...upon, manifest: next.descriptor }, ports, { signal });
    assert.equal(publication.outcome, 'published');
    assert.equal(asked(from), 0, 'nobody was asked for the base');
    assert.deepEqual(await place.target.resolve('commit-later', { signal }), next.descriptor);
  });

  it('takes the base of an image whose steps ran as provided where the target has its layers', async () => {
    await using place = await openPlace();
    await publish(place.request, place.ports, { signal });
    await using later = await openTestStaging();
    const { record: _record, ...request } = place.request;
    const annotations = { [ANNOTATION.imageKey]: digestOf('later') };
    const [base] = place.image.layers;
    assert.ok(base !== undefined);
    const next = await stageImage(later.staging, 'commit-later', [noise(5, 9_000)], {
      kept: [base],
      annotations,
    });
    const from = place.proxy.exchanges.length;
    const upon = {
      ...request,
      commitTag: 'commit-later',
      imageKey: digestOf('later'),
      manifest: next.descriptor,
    };
    const publication = await publish(upon, { ...place.ports, staging: later.staging }, { signal });
    assert.equal(publication.outcome, 'published');
    assert.deepEqual(
      place.proxy.exchanges.slice(from).filter(({ url }) => url.includes('/library/base/')),
      [],
      'nobody was asked for the base',
    );
    assert.deepEqual(await place.target.resolve('commit-later', { signal }), next.descriptor);
  });

  const answers = {
    'says to have and has not': async () => true,
    'cannot be asked for': async (): Promise<boolean> => {
      throw new Error('the registry burns');
    },
  };
  for (const [what, hasBlob] of Object.entries(answers))
    it(`provides a base that the target ${what}`, async () => {
      await using place = await openPlace();
      const target = { ...place.target, hasBlob };
      const publication = await publish(place.request, { ...place.ports, target }, { signal });
      assert.equal(publication.outcome, 'published');
      assert.deepEqual(await place.target.resolve(COMMIT_TAG, { signal }), place.image.descriptor);
      const [base] = place.image.layers;
      assert.ok(base !== undefined && (await place.target.hasBlob(base, { signal })));
    });

  for (const when of ['while its own is sent', 'right after it has tagged its own'] as const) {
    it(`adopts what another run publishes ${when}`, async () => {
      await using place = await openPlace();
      await using staged = await openTestStaging();
      const annotations = { [ANNOTATION.imageKey]: KEY };
      const other = await stageImage(staged.staging, COMMIT_TAG, [noise(9, 5_000)], { annotations });
      const { target, ports } = place;
      await target.upload(staged.staging.directory, COMMIT_TAG, { signal, mayTag: async () => false });
      assert.equal(await target.resolve(COMMIT_TAG, { signal }), undefined);
      const takeTag = async () => await target.tag(other.descriptor.digest, [COMMIT_TAG], { signal });
      const overtaken: typeof target = {
        ...target,
        upload: async (layout, tag, options) => {
          const mayTag = options.mayTag && {
            mayTag: async () => {
              if (when === 'while its own is sent') await takeTag();
              return (await options.mayTag?.()) ?? true;
            },
          };
          const sent = await target.upload(layout, tag, { ...options, ...mayTag });
          if (when === 'right after it has tagged its own') await takeTag();
          return sent;
        },
      };
      const publication = await publish(place.request, { ...ports, target: overtaken }, { signal });
      assert.equal(publication.outcome, 'adopted');
      assert.equal(publication.digest, other.descriptor.digest);
      assert.deepEqual(await target.resolve(COMMIT_TAG, { signal }), other.descriptor);
      assert.deepEqual(await target.resolve('branch-main', { signal }), other.descriptor);
      const hasRecord = (await target.resolve(RECORD_TAG, { signal })) !== undefined;
      assert.equal(hasRecord, when === 'right after it has tagged its own');
    });
  }

  it('has published an image though its last look at it fails, and says so', async () => {
    await using place = await openPlace();
    const { target, ports } = place;
    const failing: typeof target = {
      ...target,
      resolve: async (tag, options) => {
        if (tag === COMMIT_TAG) throw new PreheatError('cannot resolve: no answer', { phase: 'observe' });
        return await target.resolve(tag, options);
      },
    };
    const publication = await publish(place.request, { ...ports, target: failing }, { signal });
    assert.equal(publication.outcome, 'published');
    assert.deepEqual(publication.tags, [COMMIT_TAG, 'branch-main', 'pr-7']);
    assert.match(
      place.lines.at(-1) ?? '',
      /^cannot look at \S+ again: cannot resolve: no answer; the image is there/,
    );
  });

  it('replaces an image of another key', async () => {
    await using place = await openPlace();
    await using staged = await openTestStaging();
    await stageImage(staged.staging, COMMIT_TAG, [noise(9, 5_000)]);
    await place.target.upload(staged.staging.directory, COMMIT_TAG, { signal });
    assert.equal((await publish(place.request, place.ports, { signal })).outcome, 'published');
    assert.deepEqual(await place.target.resolve(COMMIT_TAG, { signal }), place.image.descriptor);
  });

  it('tags nothing when it breaks off before the image is complete', async () => {
    await using place = await openPlace();
    const task = place.image.layers[1]?.digest ?? '';
    place.proxy.intercept = ({ method, url }) =>
      method === 'PUT' && decodeURIComponent(url).includes(task) ? { kind: 'reset' } : undefined;
    await assert.rejects(
      publish(place.request, place.ports, { signal }),
      (thrown) =>
        thrown instanceof PreheatError && thrown.phase === 'publish' && thrown.code === 'unreachable',
    );
    place.proxy.intercept = () => undefined;
    assert.deepEqual(await place.target.listTags({ signal }), []);
    assert.equal((await publish(place.request, place.ports, { signal })).outcome, 'published');
  });

  it('publishes the image though record and hints are refused, and says so', async () => {
    await using place = await openPlace();
    const refused = ['branch-main', 'pr-7', RECORD_TAG];
    place.proxy.intercept = ({ method, url }) =>
      method === 'PUT' && refused.some((tag) => url.endsWith(`/manifests/${tag}`))
        ? {
            kind: 'answer',
            status: 403,
            body: '{"errors":[{"code":"DENIED","message":"tags are immutable"}]}',
          }
        : undefined;
    const publication = await publish(place.request, place.ports, { signal });
    assert.deepEqual(publication.tags, [COMMIT_TAG]);
    assert.deepEqual(await place.target.listTags({ signal }), [COMMIT_TAG]);
    assert.match(
      place.lines[0] ?? '',
      /^cannot keep the record of tasks: .*denied: tags are immutable; the next build/,
    );
    assert.match(place.lines[1] ?? '', /^cannot move branch-main: .*tags are immutable/);
    assert.match(place.lines[2] ?? '', /^cannot move pr-7: /);
  });

  it('replaces what lies under the tag of its record, since nobody could use that', async () => {
    await using place = await openPlace();
    await using staged = await openTestStaging();
    await stageImage(staged.staging, RECORD_TAG, [noise(9, 5_000)]);
    await place.target.upload(staged.staging.directory, RECORD_TAG, { signal });
    assert.deepEqual(await readRecord(place.target, RECORD_TAG, { signal }), {
      unusable: 'it is no record of preheat',
    });
    await publish(place.request, place.ports, { signal });
    assert.deepEqual(await readRecord(place.target, RECORD_TAG, { signal }), { record: place.record });
  });

  it('publishes an imported base under its own tag', async () => {
    await using place = await openPlace();
    const base = await stageImage(place.ports.staging, 'base-0123', [noise(5, 8_000)]);
    await publish(
      { ...place.request, base: { kind: 'staged', tag: 'base-0123' } },
      {
        ...place.ports,
        target: {
          ...place.target,
          copyBase: () => assert.fail('no base is copied'),
          upload: uploadOnly(place, 'base-0123'),
        },
      },
      { signal },
    ).catch((thrown: unknown) => assert.match(String(thrown), /stop here/));
    assert.deepEqual(await place.target.resolve('base-0123', { signal }), base.descriptor);
  });
});

/** Uploads this tag and stops at the next. */
function uploadOnly(place: Awaited<ReturnType<typeof openPlace>>, only: string): typeof place.target.upload {
  return async (layout, tag, options) => {
    if (tag !== only) throw new Error('stop here');
    return await place.target.upload(layout, tag, options);
  };
}
