import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blobPath } from '../../src/adapters/layout/layout-files.ts';
import { hexOf, type Digest } from '../../src/oci/digest.ts';
import { removeImagesOf } from '../support/containers.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { pushTinyImage } from '../support/tiny-image.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let image: TaskImage;
const fileWith = (init: string): string => `image: ${image.name}\ntasks:\n  - init: ${init}\n`;

/** Where distribution's storage driver keeps the bytes of a blob. */
function storedBlob({ storage }: TestRegistry, digest: Digest): string {
  const hex = hexOf(digest);
  return join(storage, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex);
}

/** Takes an image away from the repository `app`; its blobs stay. */
async function forgetImage({ storage }: TestRegistry, tag: string, digest: string): Promise<void> {
  const manifests = join(storage, 'docker/registry/v2/repositories/app/_manifests');
  await rm(join(manifests, 'tags', tag), { recursive: true });
  await rm(join(manifests, 'revisions', ...digest.split(':')), { recursive: true });
}

async function layerOf(workshop: Workshop, role: string): Promise<Digest> {
  const { layers } = await workshop.outcome();
  const layer = layers.find((each) => each.role === role);
  assert.ok(layer !== undefined, `no ${role} layer`);
  return layer.digest as Digest;
}

async function tagsOf(host: string): Promise<readonly string[]> {
  const { tags } = (await (await fetch(`http://${host}/v2/app/tags/list`)).json()) as {
    readonly tags: readonly string[];
  };
  return tags;
}

describe('a blob that vanished', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  it('from a registry after its record was found: refused by name (60), and made again by the next build', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    const words = ['--registry', `${proxy.host}/app`];
    const first = await workshop.start({ words });
    assert.equal(first.exitCode, 0, first.stderr);
    const layer = await layerOf(workshop, 'task');
    // Without its image a commit is put together again from its record.
    const commitTag = (await tagsOf(registry.host)).find((tag) => tag.startsWith('commit-')) ?? '';
    await forgetImage(registry, commitTag, (await workshop.outcome()).digest ?? '');
    // What is published is looked for twice: when it is planned, and just before it is sent.
    let looks = 0;
    proxy.intercept = ({ url }) => {
      if (url.endsWith(`/manifests/${commitTag}`) && ++looks === 2)
        rmSync(storedBlob(registry, layer), { recursive: true });
      return undefined;
    };
    const run = workshop.start({ words });
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 60, stderr);
    const { failure } = await workshop.outcome();
    assert.ok(failure?.message.includes(layer.slice(0, 19)), failure?.message);
    assert.match(failure?.hint ?? '', /Run the build again/);
    assert.deepEqual(
      (await tagsOf(registry.host)).filter((tag) => tag.startsWith('commit-')),
      [],
    );
    await workshop.assertTidy(run.pid);

    proxy.intercept = () => undefined;
    const next = await workshop.start({ words });
    assert.equal(next.exitCode, 0, next.stderr);
    assert.match(next.stderr, /its layer sha256:[0-9a-f]+ has gone/);
  });

  it('from a layout: what it belonged to is made again', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    for (const [role, outcome] of [
      ['task', 'ran'],
      // Without its base a record can be used all the same.
      ['base', 'reused'],
      ['source', 'reused'],
    ] as const) {
      const first = await workshop.start();
      assert.equal(first.exitCode, 0, first.stderr);
      await rm(blobPath(workshop.images, await layerOf(workshop, role)));
      const run = workshop.start();
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, /cannot keep commit-\S+: its blob sha256:[0-9a-f]{64} has gone/);
      const [step] = (await workshop.outcome()).steps;
      assert.equal(step?.outcome, outcome, role);
      await workshop.assertTidy(run.pid);
    }
  });

  it("from the base's registry: refused by name (60)", async () => {
    await using source = await startRegistry();
    await using target = await startRegistry();
    const base = await pushTinyImage(source.host);
    await using _pulled = { [Symbol.asyncDispose]: () => removeImagesOf(source.host) };
    await using workshop = await openWorkshop({ '.gitpod.yml': `image: ${base}\n` });
    // The engine gets it while it is whole.
    const first = await workshop.start();
    assert.equal(first.exitCode, 0, first.stderr);
    const layer = await layerOf(workshop, 'base');
    await rm(storedBlob(source, layer), { recursive: true });
    const run = workshop.start({ words: ['--registry', `${target.host}/app`] });
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, 60, stderr);
    const { failure } = await workshop.outcome();
    assert.match(failure?.message ?? '', /cannot copy base image/);
    assert.ok(failure?.message.includes(layer.slice(0, 19)), failure?.message);
    assert.equal((await fetch(`http://${target.host}/v2/app/tags/list`)).status, 404);
    await workshop.assertTidy(run.pid);
  });
});
