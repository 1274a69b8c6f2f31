import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { readHistory } from '../../src/observe/read-history.ts';
import { keepReport } from '../../src/publish/keep-report.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { silentLog } from '../support/silent-log.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../support/staged-image.ts';

export interface StoreUnderTest extends AsyncDisposable {
  /** A repository or layout that is empty. */
  readonly store: ContentStore & Uploader;
  /** Puts a manifest there behind the store's back, its blobs unchecked. */
  putManifest(tagOrDigest: string, mediaType: string, bytes: Uint8Array): Promise<void>;
}

/** What every place of workspace images promises (`oci/content-store.ts`, `publish/uploader.ts`). */
export function contentStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}: content store contract`, () => {
    it('answers undefined and nothing for what is not there', async () => {
      await using place = await open();
      const { store } = place;
      const signal = testSignal();
      const digest = digestOf('nothing');
      const blob = { mediaType: MEDIA_TYPE.config, digest, size: 7 };
      assert.equal(await store.resolve('absent', { signal }), undefined);
      assert.equal(await store.resolve(digest, { signal }), undefined);
      assert.equal(await store.readManifest('absent', { signal }), undefined);
      assert.equal(await store.readManifest(digest, { signal }), undefined);
      assert.equal(await store.readBlob(blob, { signal }), undefined);
      assert.equal(await store.hasBlob(blob, { signal }), false);
      assert.deepEqual(await store.listTags({ signal }), []);
    });

    it('gives back what was uploaded, by tag and by digest', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const image = await stageImage(staged.staging, 'v1', [noise(1, 50_000), noise(2, 9_000)]);
      const transfer = await store.upload(staged.staging.directory, 'v1', { signal });
      const blobs = [image.manifest.config, ...image.manifest.layers];
      const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
      assert.deepEqual(transfer, { blobs: 3, bytes });
      for (const reference of ['v1', image.descriptor.digest]) {
        assert.deepEqual(await store.resolve(reference, { signal }), image.descriptor);
        const found = await store.readManifest(reference, { signal });
        assert.deepEqual(found, { descriptor: image.descriptor, manifest: image.manifest });
      }
      const config = await store.readBlob(image.manifest.config, { signal });
      assert.equal(config && digestOf(config), image.manifest.config.digest);
      assert.deepEqual(await store.listTags({ signal }), ['v1']);
      for (const blob of blobs) assert.equal(await store.hasBlob(blob, { signal }), true);
    });

    it('asks before it tags, when all is there, and leaves the tag alone at a no', async () => {
      await using place = await open();
      await using one = await openTestStaging();
      await using other = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const first = await stageImage(one.staging, 'v1', [noise(1, 40_000)]);
      const second = await stageImage(other.staging, 'v1', [noise(2, 40_000)]);
      const asked: boolean[] = [];
      const answer = ({ manifest }: typeof first, mayTag: boolean) => ({
        signal,
        mayTag: async () => {
          for (const blob of [manifest.config, ...manifest.layers])
            asked.push(await store.hasBlob(blob, { signal }));
          return mayTag;
        },
      });
      await store.upload(one.staging.directory, 'v1', answer(first, true));
      assert.deepEqual(await store.resolve('v1', { signal }), first.descriptor);
      await store.upload(other.staging.directory, 'v1', answer(second, false));
      assert.deepEqual(await store.resolve('v1', { signal }), first.descriptor);
      assert.deepEqual(asked, [true, true, true, true]);
    });

    it('sends nothing for an image that is there, and only new blobs for one that shares some', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const { directory } = staged.staging;
      const first = await stageImage(staged.staging, 'v1', [noise(1, 40_000)]);
      const second = await stageImage(staged.staging, 'v2', [noise(1, 40_000), noise(3, 5_000)]);
      assert.equal((await store.upload(directory, 'v1', { signal })).blobs, 2);
      assert.deepEqual(await store.upload(directory, 'v1', { signal }), { blobs: 0, bytes: 0 });
      const fresh = [second.manifest.config, second.manifest.layers[1]];
      assert.deepEqual(await store.upload(directory, 'v2', { signal }), {
        blobs: 2,
        bytes: fresh.reduce((sum, blob) => sum + (blob?.size ?? 0), 0),
      });
      assert.deepEqual(await store.resolve('v1', { signal }), first.descriptor);
    });

    it('takes an image whose lower layers only the target has, and refuses one whose layers nobody has', async () => {
      await using place = await open();
      await using lower = await openTestStaging();
      await using upper = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const base = await stageImage(lower.staging, 'base', [noise(1, 30_000)]);
      await store.upload(lower.staging.directory, 'base', { signal });
      const image = await stageImage(upper.staging, 'v1', [noise(2, 6_000)], { kept: base.layers });
      assert.equal((await store.upload(upper.staging.directory, 'v1', { signal })).blobs, 2);
      assert.deepEqual(await store.resolve('v1', { signal }), image.descriptor);
      const [layer] = base.layers;
      assert.ok(layer);
      const nowhere = { ...layer, digest: digestOf('nowhere') };
      await stageImage(upper.staging, 'v2', [noise(4, 6_000)], { kept: [nowhere] });
      await assert.rejects(store.upload(upper.staging.directory, 'v2', { signal }), isFailureOf('publish'));
      assert.equal(await store.resolve('v2', { signal }), undefined);
    });

    it('gives further tags and moves them', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const { directory } = staged.staging;
      const first = await stageImage(staged.staging, 'v1', [noise(1, 2_000)]);
      const second = await stageImage(staged.staging, 'v2', [noise(2, 2_000)]);
      for (const tag of ['v1', 'v2']) await store.upload(directory, tag, { signal });
      await store.tag(first.descriptor.digest, ['branch-main', 'pr-7'], { signal });
      await store.tag(second.descriptor.digest, ['branch-main'], { signal });
      await store.tag(second.descriptor.digest, [], { signal });
      assert.deepEqual(await store.resolve('branch-main', { signal }), second.descriptor);
      assert.deepEqual(await store.resolve('pr-7', { signal }), first.descriptor);
      const tags = await store.listTags({ signal });
      assert.deepEqual(tags.toSorted(), ['branch-main', 'pr-7', 'v1', 'v2']);
      const absent = store.tag(digestOf('absent'), ['x'], { signal });
      await assert.rejects(absent, (thrown) => thrown instanceof PreheatError && thrown.code === 'not-found');
    });

    it('chooses the member of an index by platform and skips attestations', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const { directory } = staged.staging;
      const amd = await stageImage(staged.staging, 'amd', [noise(1, 2_000)]);
      const arm = await stageImage(staged.staging, 'arm', [noise(2, 2_000)]);
      const attestation = await stageImage(staged.staging, 'att', [noise(3, 2_000)]);
      for (const tag of ['amd', 'arm', 'att']) await store.upload(directory, tag, { signal });
      const index = {
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.index,
        manifests: [
          { ...attestation.descriptor, platform: { os: 'unknown', architecture: 'unknown' } },
          { ...arm.descriptor, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
          { ...amd.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
        ],
      };
      const bytes = Buffer.from(JSON.stringify(index));
      await place.putManifest('multi', MEDIA_TYPE.index, bytes);
      assert.equal((await store.resolve('multi', { signal }))?.digest, digestOf(bytes));
      const read = (platform?: { os: string; architecture: string }) =>
        store.readManifest('multi', { signal, ...(platform === undefined ? {} : { platform }) });
      assert.deepEqual((await read())?.descriptor, arm.descriptor);
      assert.deepEqual((await read({ os: 'linux', architecture: 'amd64' }))?.descriptor, amd.descriptor);
      await assert.rejects(
        read({ os: 'linux', architecture: 'riscv64' }),
        /no image for linux\/riscv64, only for linux\/arm64\/v8, linux\/amd64/,
      );
    });

    it('says corrupt for what is no image manifest, and reads no blob of more than 4 MiB', async () => {
      await using place = await open();
      const { store } = place;
      const signal = testSignal();
      const large = { mediaType: MEDIA_TYPE.config, digest: digestOf('large'), size: 5 * 1024 * 1024 };
      await assert.rejects(store.readBlob(large, { signal }), isFailureOf('observe'));
      await place.putManifest('odd', MEDIA_TYPE.index, Buffer.from('{"schemaVersion":2,"manifests":[]}'));
      await assert.rejects(store.readManifest('odd', { signal }), isFailureOf('observe'));
    });

    it('keeps a report beside its image, with the runs that led to it', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store: target } = place;
      const { staging } = staged;
      const options = { signal: testSignal() };
      const image = await stageImage(staging, 'v1', [noise(1, 9_000)]);
      await target.upload(staging.directory, 'v1', options);
      const { log, lines } = silentLog();
      const run = {
        commit: 'c',
        ref: 'main',
        finishedAt: 't',
        durationMs: 1,
        steps: [],
        imageBytes: 2,
        uploadedBytes: 3,
      };
      const files = [{ name: 'report.html.gz', mediaType: 'application/gzip', bytes: noise(2, 500) }];
      const subject = image.descriptor;
      await keepReport({ tag: 'report', subject, files, runs: [run] }, { staging, target, log }, options);
      assert.deepEqual(lines, []);
      const kept = await target.readManifest('report', options);
      assert.equal(kept?.manifest.subject?.digest, subject.digest);
      assert.deepEqual(await readHistory('report', { target, log }, options), [run]);
      const [file] = kept?.manifest.layers ?? [];
      assert.deepEqual(
        file && Buffer.from((await target.readBlob(file, options)) ?? []),
        Buffer.from(noise(2, 500)),
      );
      assert.deepEqual(await target.resolve('v1', options), subject);
    });

    it('keeps the tags of uploads that run at the same time', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      const signal = testSignal();
      const { directory } = staged.staging;
      const tags = ['t1', 't2', 't3', 't4', 't5', 't6'];
      for (const [seed, tag] of tags.entries())
        await stageImage(staged.staging, tag, [noise(seed + 1, 3_000)]);
      await Promise.all(tags.map((tag) => store.upload(directory, tag, { signal })));
      assert.deepEqual((await store.listTags({ signal })).toSorted(), tags);
    });

    it('stops at once when the signal aborts', async () => {
      await using place = await open();
      await using staged = await openTestStaging();
      const { store } = place;
      await stageImage(staged.staging, 'v1', [noise(1, 2_000)]);
      const signal = AbortSignal.abort();
      const options = { signal };
      const isAborted = { name: 'AbortError' };
      await assert.rejects(store.resolve('v1', options), isAborted);
      await assert.rejects(store.readManifest('v1', options), isAborted);
      await assert.rejects(store.listTags(options), isAborted);
      await assert.rejects(store.upload(staged.staging.directory, 'v1', options), isAborted);
      assert.equal(await store.resolve('v1', { signal: testSignal() }), undefined);
    });
  });
}

function isFailureOf(phase: string) {
  return (thrown: unknown): boolean => thrown instanceof PreheatError && thrown.phase === phase;
}
