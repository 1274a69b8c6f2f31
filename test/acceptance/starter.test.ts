import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { startPrivateNpm, type PrivateNpm } from '../support/private-npm.ts';

const TOKEN = 'anybody';
const PACKAGE = { name: 'app', version: '1.0.0', dependencies: { 'private-thing': '1.0.0' } };

/** A project whose one dependency comes from that registry. */
function projectOn({ host }: PrivateNpm): Readonly<Record<string, string>> {
  const resolved = `http://${host}/private-thing/-/private-thing-1.0.0.tgz`;
  const packages = { '': PACKAGE, 'node_modules/private-thing': { version: '1.0.0', resolved } };
  return {
    'package.json': JSON.stringify(PACKAGE),
    'package-lock.json': JSON.stringify({ name: 'app', version: '1.0.0', lockfileVersion: 3, packages }),
    '.npmrc': `registry=http://${host}/\n//${host}/:_authToken=${TOKEN}\naudit=false\nupdate-notifier=false\n`,
    'README.md': 'hello\n',
  };
}

describe('a repository without a configuration', () => {
  const stack = new AsyncDisposableStack();
  let npm: PrivateNpm;
  let clone: TestClone;
  let layout: string;
  const on = (command: string): Promise<Run> =>
    preheat([command, '--network', 'host', '--registry', `oci:${layout}`], { cwd: clone.directory });

  before(async () => {
    npm = stack.use(await startPrivateNpm([TOKEN]));
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-starter-')));
    layout = join(folder.path, 'images');
    clone = stack.use(await makeClone(projectOn(npm)));
  });
  after(() => stack.disposeAsync());

  it('is told what to begin with, and nothing else happens', async () => {
    for (const words of [['build', '--registry', `oci:${layout}`], ['validate']]) {
      const { exitCode, stderr } = await preheat(words, { cwd: clone.directory });
      assert.equal(exitCode, 20);
      assert.match(stderr, /\n {2}in \.gitpod\.yml:\n\n# A first configuration.* Found: npm\.\n/);
      assert.match(stderr, /\nimage: node:24\ntasks:\n/);
      assert.match(stderr, /\n {2}# preheat: inputs=package\.json,package-lock\.json,\.npmrc\n/);
      assert.match(stderr, /\n✖ .*cannot find a workspace configuration/);
    }
  });

  it('builds with what it was told, and not again while its inputs stay', async () => {
    const begun = await preheat(['init', '--base-image', 'node:24-trixie-slim'], { cwd: clone.directory });
    assert.equal(begun.exitCode, 0, begun.stderr);
    assert.equal((await preheat(['validate', '--strict'], { cwd: clone.directory })).exitCode, 0);
    await clone.commit({});
    const { exitCode, stderr } = await on('build');
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /warning/);
    assert.equal(npm.served, 1);
    const { layers } = await readOutcome(clone.directory);
    const { digest = '' } = layers.find(({ role }) => role === 'task') ?? {};
    const layer = gunzipSync(await readFile(join(layout, 'blobs', digest.replace(':', '/'))));
    assert.ok(layer.includes('workspace/app/node_modules/private-thing/index.js'));
    await clone.commit({ 'README.md': 'other\n' });
    const { stdout } = await on('plan');
    assert.match(stdout, /same inputs at commit/);
  }).timeout(180_000);
});
