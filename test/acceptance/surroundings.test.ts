import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { Outcome } from '../../src/report/outcome.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { removeImagesOf } from '../support/containers.ts';
import { pushTinyImage } from '../support/tiny-image.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { preheat, readOutcome, startPreheat } from '../support/preheat.ts';

/** Everything below a folder, with the time of its last change. */
async function treeOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await execa('find', [directory, '-printf', '%P %y %C@\\n']);
  return stdout.split('\n').toSorted();
}

describe('preheat and its surroundings', () => {
  let registry: TestRegistry;
  let clone: TestClone;
  const build = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    preheat(['build', ...words], { cwd: clone.directory, env });

  before(async () => {
    registry = await startRegistry();
    // Without tasks no container is started, so that the images of these builds cost little.
    const image = await pushTinyImage(registry.host);
    clone = await makeClone({ '.gitpod.yml': `image: ${image}\n`, 'packages/web/x': 'x\n' });
  });
  after(async () => {
    await removeImagesOf(registry.host);
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  it('changes nothing by a plan: in the clone, its .git, the temporary folder and the cache', async () => {
    await using elsewhere = await mkdtempDisposable(join(tmpdir(), 'preheat-plan-'));
    const before = await treeOf(clone.directory);
    const env = { TMPDIR: elsewhere.path, XDG_CACHE_HOME: elsewhere.path, HOME: elsewhere.path };
    const { exitCode, stdout, stderr } = await preheat(['plan', '--json'], { cwd: clone.directory, env });
    assert.equal(exitCode, 0, stderr);
    assert.partialDeepStrictEqual(JSON.parse(stdout), { image: { kind: 'miss' } });
    assert.deepEqual(await treeOf(clone.directory), before);
    assert.deepEqual(await readdir(elsewhere.path), []);
  });

  it('writes one JSON value to standard output, whatever happens', async () => {
    for (const words of [[], ['--commit', 'deadbeefdeadbeef'], ['--debug']]) {
      const { stdout, exitCode } = await build(['--json', '--state', '../json', ...words]);
      const outcome = Outcome.parse(JSON.parse(stdout));
      assert.equal(outcome.exitCode, exitCode);
      assert.deepEqual(await readOutcome(clone.directory, '../json'), outcome);
    }
    const { stdout } = await preheat(['start', '--print', '--json'], { cwd: clone.directory });
    assert.equal(stdout, '', 'a failure is no result');
  });

  it('writes its log as JSON too, where results are JSON', async () => {
    const { stderr } = await build(['--json', '--state', '../json']);
    for (const line of stderr.split('\n')) assert.equal(typeof JSON.parse(line), 'object');
  });

  it('ends well when its reader went away', async () => {
    const running = startPreheat(['build', '--json', '--debug', '--state', '../closed'], {
      cwd: clone.directory,
    });
    running.stdout.destroy();
    running.stderr.destroy();
    assert.equal((await running).exitCode, 0);
    assert.equal((await readOutcome(clone.directory, '../closed')).result, 'warm');
  });

  it('finds the same state from a folder of the clone', async () => {
    assert.equal((await build([])).exitCode, 0);
    const inside = { cwd: join(clone.directory, 'packages', 'web') };
    const { stdout } = await preheat(['plan', '--json'], inside);
    assert.partialDeepStrictEqual(JSON.parse(stdout), { image: { kind: 'hit' } });
    assert.equal(await clone.git('status', '--porcelain'), '');
  });

  it('says that the state folder cannot be written, without calling it a defect (50)', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-unwritable-'));
    await writeFile(join(folder.path, 'file'), '');
    const { exitCode, stderr } = await build(['--state', join(folder.path, 'file', 'state')]);
    assert.equal(exitCode, 50, stderr);
    assert.match(stderr, /✖ cannot write the state folder .*ENOTDIR/);
    assert.doesNotMatch(stderr, /defect/);
  });

  it('keeps nothing of an earlier run that this one did not say', async () => {
    assert.equal((await build(['--state', '../again'])).exitCode, 0);
    const failed = await build(['--state', '../again', '--commit', 'deadbeefdeadbeef']);
    assert.equal(failed.exitCode, 30);
    const state = join(clone.directory, '..', 'again');
    assert.deepEqual(await readdir(join(state, 'records')), ['event.json']);
    assert.match(await readFile(join(state, 'preheat.env'), 'utf8'), /PREHEAT_STATE='not-warm'/);
  });

  it('writes no secret anywhere', async () => {
    const secrets = { REGISTRY_PASSWORD: 'registry-s3cret', BITBUCKET_ACCESS_TOKEN: 'bitbucket-s3cret' };
    const env = { ...secrets, REGISTRY_USERNAME: 'me', HTTPS_PROXY: 'http://me:proxy-s3cret@127.0.0.1:9' };
    await clone.git('remote', 'add', 'origin', 'https://me:remote-s3cret@bitbucket.org/team/app.git');
    const { stdout, stderr } = await build(['--debug', '--json', '--state', '../secret'], env);
    const files = await execa('grep', ['-r', 's3cret', join(clone.directory, '..', 'secret')], {
      reject: false,
    });
    assert.equal(files.stdout, '');
    assert.ok(!`${stdout}${stderr}`.includes('s3cret'), stderr);
    assert.equal((await readOutcome(clone.directory, '../secret')).result, 'warm');
  });
});
