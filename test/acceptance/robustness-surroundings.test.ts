import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { asRoot } from '../support/as-root.ts';
import { assertWholeLayout, openWorkshop, type Workshop, type WorkshopRun } from '../support/workshop.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const STRANGER = '4343';
/** Runs what follows with the working directory's file system read-only, as far as it can see. */
const READ_ONLY = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'mount --bind "$PWD" "$PWD" && mount --options remount,ro,bind "$PWD" && cd "$PWD" && exec "$@"',
  'sh',
];

let image: TaskImage;
const fileWith = (init: string): string => `image: ${image.name}\ntasks:\n  - init: ${init}\n`;

/** Asserts that a build of the workshop succeeds and leaves nothing but its results. */
async function assertBuilds(workshop: Workshop, run: WorkshopRun = {}): Promise<void> {
  const running = workshop.start(run);
  const { exitCode, stderr } = await running;
  assert.equal(exitCode, 0, stderr);
  await workshop.assertTidy(running.pid);
}

async function assertRefused(
  workshop: Workshop,
  run: WorkshopRun,
  exitCode: number,
  ...said: readonly RegExp[]
): Promise<void> {
  const running = workshop.start(run);
  const ended = await running;
  assert.equal(ended.exitCode, exitCode, ended.stderr);
  for (const expected of said) assert.match(ended.stderr, expected);
  assert.doesNotMatch(ended.stderr, /defect|^\s+at /m);
  await assertWholeLayout(workshop.images);
}

/** The digests of the layers that follow from base, commit and version alone. */
async function reproducibleLayers(workshop: Workshop): Promise<readonly string[]> {
  const { layers } = await workshop.outcome();
  return layers.filter(({ role }) => role !== 'task' && role !== 'patch').map(({ digest }) => digest);
}

describe('a build where', () => {
  before(async () => {
    image = await makeTaskImage();
  });
  after(() => image[Symbol.asyncDispose]());

  it('umask is 077 makes the layers that it makes under 022', async () => {
    const files = { '.gitpod.yml': fileWith('echo made > made; mkdir folder'), 'src/file': 'text\n' };
    await using workshop = await openWorkshop(files);
    await execa('chmod', ['+x', join(workshop.clone.directory, 'src', 'file')]);
    await workshop.clone.commit({});
    const umask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
    await assertBuilds(workshop, { under: umask('022') });
    const usual = await reproducibleLayers(workshop);
    await rm(workshop.images, { recursive: true });
    await mkdir(workshop.images);
    await assertBuilds(workshop, { under: umask('077') });
    assert.deepEqual(await reproducibleLayers(workshop), usual);
    assert.equal(usual.length, 3);
    const sourced = await execa('sh', [
      '-c',
      `. ${join(workshop.state, 'preheat.env')}; echo $PREHEAT_STATE`,
    ]);
    assert.equal(sourced.stdout, 'warm');
  });

  it('HOME is unset or read-only', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
    for (const HOME of [undefined, '/proc/1']) await assertBuilds(workshop, { env: { HOME } });
  });

  it(
    'the user has neither a name nor a home, and the clone is somebody else’s',
    asRoot(async () => {
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
      const { clone, state, images, temporary } = workshop;
      for (const folder of [dirname(clone.directory), dirname(state)]) await execa('chmod', ['a+rx', folder]);
      await execa('chown', ['--recursive', STRANGER, state, images, temporary]);
      const gid = (await stat('/var/run/docker.sock')).gid;
      const under = ['setpriv', `--reuid=${STRANGER}`, `--regid=${STRANGER}`, `--groups=${gid}`];
      await assertBuilds(workshop, { under, env: { HOME: undefined } });
      await execa('chown', ['--recursive', '4242', clone.directory]);
      await clone.git('-c', `safe.directory=${clone.directory}`, 'status');
      await assertBuilds(workshop, { under, env: { HOME: undefined } });
    }),
  );

  it(
    'the clone is on a read-only file system: with --state elsewhere, and else it says so (50)',
    asRoot(async () => {
      await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made') });
      await assertBuilds(workshop, { under: READ_ONLY });
      const inside = { under: READ_ONLY, words: ['--state', join(workshop.clone.directory, '.preheat')] };
      await assertRefused(
        workshop,
        inside,
        50,
        /cannot write the state folder .*\.preheat: EROFS: read-only file system/,
        /--state/,
      );
    }),
  );

  it('the path of the clone holds spaces, line feeds and other letters', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo made > made'), 'sub/x': '' });
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat odd\nnaïve: "@\\ '));
    const cwd = join(folder.path, 'an app');
    await execa('cp', ['--archive', workshop.clone.directory, cwd]);
    await assertBuilds(workshop, { cwd: join(cwd, 'sub') });
    await assertBuilds(workshop, { cwd, words: ['--registry', `oci:${join(folder.path, 'images')}`] });
    await assertWholeLayout(join(folder.path, 'images'));
    await assertRefused({ ...workshop }, { cwd: folder.path }, 10, /not a git repository/);
  });

  it('the folder of a clone without a remote has a name that no folder in an image may have (10)', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo') }, 'two\nlines');
    await assertRefused(workshop, {}, 10, /name "two\\nlines" is no name of a folder/);
    await workshop.clone.git('remote', 'add', 'origin', 'https://bitbucket.org/team/app.git');
    await assertBuilds(workshop);
  });

  it('the temporary folder is missing or read-only (30, 60)', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo') });
    for (const TMPDIR of [join(workshop.temporary, 'missing'), '/proc/1']) {
      const words = ['--registry', '127.0.0.1:9/app'];
      await assertRefused(workshop, { env: { TMPDIR }, words }, 30, /Set TMPDIR to a folder/);
      const said = /✖ publish: cannot write to the temporary folder/;
      await assertRefused(workshop, { env: { TMPDIR } }, 60, said, /Set TMPDIR to a folder/);
    }
    await workshop.assertTidy(undefined);
  });

  it('there is no git (10)', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo') });
    await assertRefused(
      workshop,
      { env: { PATH: '/nowhere' } },
      10,
      /there is no program "git"/,
      /Install git/,
    );
  });

  it('there is no oras, and none can be downloaded or kept (60)', async () => {
    await using workshop = await openWorkshop({ '.gitpod.yml': fileWith('echo') });
    await using programs = await mkdtempDisposable(join(tmpdir(), 'preheat-programs-'));
    const { stdout: git } = await execa('sh', ['-c', 'command -v git']);
    await symlink(git, join(programs.path, 'git'));
    const unreachable = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' };
    const env = { PATH: programs.path, HOME: '/nonexistent', ...unreachable };
    await assertRefused(workshop, { env }, 60, /cannot get oras: /, /Install oras 1\.2\.0 or later/);
    await workshop.assertTidy(undefined);
    assert.match(await readFile(join(workshop.state, 'preheat.env'), 'utf8'), /not-warm/);
  });
});
