import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noise } from '../support/staged-image.ts';
import { startPrivateEngine } from '../support/private-engine.ts';
import { startRegistry } from '../support/registry.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { asRoot } from '../support/as-root.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const MIB = 1024 * 1024;
/** More than any of the disks holds, and no gzip makes it smaller. */
const FILL = 'head --bytes=30000000 /dev/urandom > made';

let image: TaskImage;
const fileWith = (init: string): string =>
  `image: ${image.name}\ntasks:\n  - name: build\n    init: ${init}\n`;

/** Text that neither git nor gzip can make much smaller. */
function incompressible(bytes: number): string {
  return Buffer.from(noise(7, bytes)).toString('base64');
}

/** Asserts how a build of the workshop fails: its code, what it says and advises; and that it leaves nothing. */
async function assertRefused(
  workshop: Workshop,
  run: ReturnType<Workshop['start']>,
  { exitCode, said, hint }: { readonly exitCode: number; readonly said: RegExp; readonly hint: RegExp },
): Promise<void> {
  const ended = await run;
  assert.equal(ended.exitCode, exitCode, ended.stderr);
  assert.match(ended.stderr, said);
  assert.doesNotMatch(ended.stderr, /defect/);
  const outcome = await workshop.outcome();
  assert.partialDeepStrictEqual(outcome, { result: 'not-warm', exitCode });
  assert.match(outcome.failure?.hint ?? '', hint);
  await workshop.assertTidy(run.pid);
}

describe('a disk that is full', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  it(
    'in the middle of a layer, in the state folder (50)',
    asRoot(async () => {
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(FILL) });
      await using _disk = await mountSmallDisk(16 * MIB, workshop.state);
      await assertRefused(workshop, workshop.start(), {
        exitCode: 50,
        said: /✖ capture: cannot write to .*state.*ENOSPC/,
        hint: /--state/,
      });
    }),
  );

  it(
    'in the state folder, so that not even the outcome can be told (50)',
    asRoot(async () => {
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(FILL) });
      await using _disk = await mountSmallDisk(12 * 1024, workshop.state);
      const run = workshop.start();
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, 50, stderr);
      assert.match(stderr, /cannot write .*outcome\.json: ENOSPC.*--state/);
      assert.equal((await readdir(workshop.state)).includes('preheat.env'), false);
      await workshop.assertTidy(run.pid);
    }),
  );

  it(
    'in the OCI layout, where the next build then succeeds (60)',
    asRoot(async () => {
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(FILL) });
      {
        await using _disk = await mountSmallDisk(16 * MIB, workshop.images);
        await assertRefused(workshop, workshop.start(), {
          exitCode: 60,
          said: /✖ publish: cannot copy commit-\S+ into \S+images: no space left on device/,
          hint: /Free space on the disk/,
        });
      }
      const again = await workshop.start();
      assert.equal(again.exitCode, 0, again.stderr);
      await workshop.assertTidy(undefined);
    }),
  );

  it(
    'where sources are laid out (50)',
    asRoot(async () => {
      const files = { '.gitpod.yml': fileWith('echo ok'), big: incompressible(16 * MIB) };
      await using workshop = await openWorkshop(files);
      await using _disk = await mountSmallDisk(16 * MIB, workshop.state);
      await assertRefused(workshop, workshop.start(), {
        exitCode: 50,
        said: /✖ sources: cannot pack the history .*(space|disk)/,
        hint: /--state/,
      });
    }),
  );

  it(
    'at the registry (60)',
    asRoot(async () => {
      await using registry = await startRegistry();
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(FILL) });
      await rm(registry.storage, { recursive: true, force: true });
      await using _disk = await mountSmallDisk(16 * MIB, join(registry.storage, '..'));
      await assertRefused(workshop, workshop.start({ words: ['--registry', `${registry.host}/app`] }), {
        exitCode: 60,
        said: /✖ publish: cannot upload 127\.0\.0\.1:\d+\/app:commit-/,
        hint: /Free space on the disk of 127\.0\.0\.1:\d+/,
      });
      const { tags } = (await (await fetch(`http://${registry.host}/v2/app/tags/list`)).json()) as {
        readonly tags?: readonly string[];
      };
      assert.deepEqual(
        (tags ?? []).filter((tag) => !tag.startsWith('base-')),
        [],
      );
    }),
  );
});

describe('an engine whose disk is full', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  for (const { when, init, files, exitCode, said, hint } of [
    {
      when: 'that the task needs is told as its failure (51)',
      init: 'head --bytes=60000000 /dev/urandom > made',
      files: {},
      exitCode: 51,
      said: /\[build\] head: .*No space left on device/,
      hint: /workspace/,
    },
    {
      when: 'while a task does not mind is told before anything is captured (50)',
      init: 'head --bytes=60000000 /dev/urandom > made || true',
      files: {},
      exitCode: 50,
      said: /✖ capture: cannot .*no space left on device/i,
      hint: /disk of the Docker engine/,
    },
    {
      when: 'while the sources are put in is told (50)',
      init: 'echo ok',
      files: { big: incompressible(16 * MIB) },
      exitCode: 50,
      said: /✖ container: cannot put files into the container: .*no space left on device/,
      hint: /disk of the Docker engine/,
    },
  ]) {
    it(
      when,
      asRoot(async () => {
        await using engine = await startPrivateEngine({ diskBytes: 40 * MIB });
        await engine.docker('load', '--input', image.archive);
        await using workshop = await openWorkshop({ '.gitpod.yml': fileWith(init), ...files });
        const words = ['--registry', `oci:${workshop.images}`, '--network', 'host'];
        const run = workshop.start({ words, env: { DOCKER_HOST: engine.host } });
        await assertRefused(workshop, run, { exitCode, said, hint });
        assert.equal(await engine.docker('ps', '--all', '--quiet'), '');
      }),
    );
  }
});
