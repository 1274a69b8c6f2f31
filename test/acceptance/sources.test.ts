import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildPlan } from '../../src/plan/build-plan.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome } from '../support/preheat.ts';

/** What a task sees: files of the submodule, contents of Git LFS, and a git that finds nothing to do. */
const GITPOD_YML = `image: debian:bookworm
tasks:
  - init: |
      test "$(cat lib/lib.txt)" = library && test -f lib/.git && test -f .git/modules/lib/HEAD
      test "$(cat big.bin)" = contents
`;

describe('preheat build of submodules and Git LFS', () => {
  let lib: TestClone;
  let app: TestClone;
  let images: string;
  const build = (...more: readonly string[]) =>
    preheat(['build', '--registry', `oci:${images}`, ...more], { cwd: app.directory });
  const plan = async (...more: readonly string[]) => {
    const words = ['plan', '--json', '--registry', `oci:${images}`, ...more];
    const { stdout, stderr } = await preheat(words, { cwd: app.directory });
    return BuildPlan.parse(JSON.parse(stdout), { error: () => stderr });
  };

  before(async () => {
    images = await mkdtemp(join(tmpdir(), 'preheat-images-'));
    lib = await makeClone({ 'lib.txt': 'library\n' }, 'lib');
    app = await makeClone({ '.gitpod.yml': GITPOD_YML, '.gitattributes': '*.bin filter=lfs -text\n' }, 'app');
    await app.git('config', 'filter.lfs.clean', 'git-lfs clean -- %f');
    await app.git('config', 'filter.lfs.smudge', 'git-lfs smudge -- %f');
    await app.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib.directory, 'lib');
    await app.commit({ 'big.bin': 'contents\n' });
  });
  after(async () => {
    for (const clone of [lib, app]) await clone[Symbol.asyncDispose]();
    await rm(images, { recursive: true, force: true });
  });

  it('lays both down for the tasks, and keeps the image while nothing changes', async () => {
    const first = await build('--lfs', 'contents');
    assert.equal(first.exitCode, 0, first.stderr);
    const { digest } = await readOutcome(app.directory);
    assert.equal((await plan('--lfs', 'contents')).image.kind, 'hit');
    const again = await build('--lfs', 'contents');
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal((await readOutcome(app.directory)).digest, digest);
  });

  it('takes no image for another one that was laid down differently', async () => {
    const keys = new Set<string>();
    for (const more of [
      ['--lfs', 'contents'],
      [],
      ['--submodules', 'none'],
      ['--submodules', 'none', '--lfs', 'contents'],
    ]) {
      const { image, imageKey } = await plan(...more);
      keys.add(imageKey);
      assert.equal(image.kind === 'hit', keys.size === 1, more.join(' '));
    }
    assert.equal(keys.size, 4);
  });

  it('says that pointers are laid, which the task does not take for contents', async () => {
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 51, stderr);
    assert.match(stderr, /1 Git LFS file is laid down as pointers \(--lfs contents/);
  });

  it('refuses a submodule that nobody has, by name, and publishes nothing', async () => {
    await app.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
    await app.git('commit', '--quiet', '--message', 'gone');
    const { exitCode, stderr } = await build('--lfs', 'contents');
    assert.equal(exitCode, 50, stderr);
    assert.match(
      stderr,
      /is not warm: cannot lay down submodule lib: cannot fetch commit 1{12} from .*: it is not there any more/,
    );
    assert.match(stderr, /--submodules none/);
    assert.notEqual((await plan('--lfs', 'contents')).image.kind, 'hit');
  });
});
