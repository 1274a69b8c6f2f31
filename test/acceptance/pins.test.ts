import assert from 'node:assert/strict';
import { execa } from 'execa';
import { removeImagesOf } from '../support/containers.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

describe('the base image of branches', () => {
  let registry: TestRegistry;
  let clone: TestClone;
  let image: string;
  let other: string;

  before(async () => {
    registry = await startRegistry();
    image = await pushFromEngine('debian:bookworm', `${registry.host}/base/image:latest`);
    const { stdout: container } = await execa('docker', ['create', 'debian:bookworm']);
    other = (await execa('docker', ['commit', '--change', 'ENV OTHER=yes', container])).stdout;
    await execa('docker', ['rm', container]);
    clone = await makeClone({
      '.gitpod.yml': `image: ${image}\ntasks:\n  - init: echo made > made.txt\n`,
      '.gitignore': 'made.txt\n',
    });
  });
  after(async () => {
    await removeImagesOf(registry.host);
    await execa('docker', ['rmi', other], { reject: false });
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const baseOf = async (branch: string, ...more: readonly string[]): Promise<string | undefined> => {
    const words = ['build', '--registry', `${registry.host}/team/app`, '--branch', branch];
    const { exitCode, stderr } = await preheat([...words, '--default-branch', 'main', ...more], {
      cwd: clone.directory,
    });
    assert.equal(exitCode, 0, stderr);
    return (await readOutcome(clone.directory)).baseImage?.digest;
  };

  it('is the one that the default branch pinned, until the default branch has moved', async () => {
    const first = await baseOf('main');
    await pushFromEngine(other, image);
    assert.equal(await baseOf('feature/x'), first, 'a branch follows the pin, not the tag');
    const moved = await baseOf('main', '--base-refresh', '1d');
    assert.equal(moved, first, 'the pin is younger than a day');
    const second = await baseOf('main');
    assert.notEqual(second, first, 'by default each push of the default branch asks');
    assert.equal(await baseOf('feature/x'), second);
    await pushFromEngine('debian:bookworm', image);
    assert.equal(await baseOf('feature/y', '--base-refresh', 'always'), first);
    const { stdout } = await execa('oras', ['repo', 'tags', '--plain-http', `${registry.host}/team/app`]);
    assert.equal(stdout.split('\n').filter((tag) => tag.startsWith('pins-')).length, 1);
  });
});
