import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../src/report/outcome.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { forgetImages } from '../support/forget-images.ts';
import { preheat, readOutcome } from '../support/preheat.ts';

const LARGE = 300_000;
const GITPOD_YML = `image: debian:bookworm
tasks:
  - init: |
      touch -d '2020-01-01' /root/made
      printf 'changed\\n' >> README.md && touch -d '2020-01-01' README.md
      chmod -R u+rwX . && chown -R 1234:2345 .
`;

describe('a checkout that a task gives to another user, or touches', () => {
  let clone: TestClone;
  let images: string;
  const build = async (): Promise<Outcome> => {
    const { exitCode, stderr } = await preheat(['build', '--registry', `oci:${images}`], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 0, stderr);
    return readOutcome(clone.directory);
  };
  const sizeOf = ({ layers }: Outcome, wanted: string): number =>
    layers.find(({ role }) => role === wanted)?.size ?? 0;

  before(async () => {
    images = await mkdtemp(join(tmpdir(), 'preheat-images-'));
    // What does not compress shows in the size of each layer that holds it.
    const large = randomBytes(LARGE / 2).toString('hex');
    clone = await makeClone({ '.gitpod.yml': GITPOD_YML, 'README.md': 'hello\n', 'large/file': large });
  });
  after(async () => {
    await clone[Symbol.asyncDispose]();
    await rm(images, { recursive: true, force: true });
  });

  it('costs no second copy of it, and the record lays it down for that user again', async () => {
    const ran = await build();
    assert.ok(sizeOf(ran, 'source') > LARGE / 2, 'the source layer holds the large file');
    assert.ok(sizeOf(ran, 'patch') > 0);
    assert.ok(sizeOf(ran, 'patch') < LARGE / 20, `the patch has ${sizeOf(ran, 'patch')} bytes`);

    await forgetImages(images);
    const reused = await build();
    assert.deepEqual(
      reused.steps.map(({ outcome }) => outcome),
      ['reused'],
    );
    assert.equal(reused.digest, ran.digest, 'the same image, byte for byte');
  });

  it('costs nothing at all where a task only touches it, or looks at it with git', async () => {
    const init = 'git status && git diff --quiet && git log -1 && chown -R 0:0 . && chmod -R u+rwX .';
    await clone.commit({ '.gitpod.yml': `image: debian:bookworm\ntasks:\n  - init: ${init}\n` });
    assert.deepEqual(
      (await build()).layers.map(({ role }) => role),
      ['base', 'runtime', 'source'],
    );
  });

  it('costs what git changed of it: its configuration, hooks and files', async () => {
    const init =
      'git checkout . && git config core.hooksPath .husky && git stash push --quiet && rm README.md && git rm -q large/file';
    await clone.commit({ '.gitpod.yml': `image: debian:bookworm\ntasks:\n  - init: ${init}\n` });
    const outcome = await build();
    assert.deepEqual(
      outcome.layers.map(({ role }) => role),
      ['base', 'runtime', 'source', 'delta', 'patch'],
    );
    assert.ok(sizeOf(outcome, 'patch') < LARGE / 20);
  });
});
