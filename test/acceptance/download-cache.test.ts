import assert from 'node:assert/strict';
import { makeClone, type TestClone } from '../support/clone.ts';
import { removeImagesOf } from '../support/containers.ts';
import { preheat, readOutcome } from '../support/preheat.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { makeTaskImage } from '../support/task-image.ts';

/** Says what it finds, and downloads what it lacks of the names in a lock file. */
const INSTALL = `
set -e
cache=~/.npm/_cacache
mkdir -p $cache
for name in $(cat lock.txt); do
  if [ -e $cache/$name ]; then echo "hit $name"; else echo "load $name"; echo "$name" > $cache/$name; fi
done
cp lock.txt installed.txt`;

describe('a download cache, from push to push', () => {
  let registry: TestRegistry;
  let clone: TestClone;

  before(async () => {
    registry = await startRegistry();
    await using image = await makeTaskImage();
    const base = await pushFromEngine(image.name, `${registry.host}/base/small:1`);
    const tasks = `tasks:\n  # preheat: inputs=lock.txt\n  - init: |${INSTALL.replaceAll('\n', '\n      ')}\n`;
    clone = await makeClone({ '.gitpod.yml': `image: ${base}\n${tasks}`, 'lock.txt': 'a b\n' });
  });
  after(async () => {
    await removeImagesOf(registry.host);
    await clone[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const build = async (more: readonly string[] = []) => {
    await registry.takeRequests();
    const where = ['--registry', `${registry.host}/team/app`, '--step-proxy', 'none'];
    const words = ['build', '--default-branch', 'main', ...where, ...more];
    const { exitCode, stderr } = await preheat(words, { cwd: clone.directory });
    assert.equal(exitCode, 0, stderr);
    const { stages, warnings, layers } = await readOutcome(clone.directory);
    assert.deepEqual(warnings, []);
    const requests = await registry.takeRequests();
    return {
      found: [...stderr.matchAll(/\b(?:hit|load) \w\b/g)].map(String),
      told: stages.filter(({ name }) => name === 'download cache').map(({ detail }) => detail),
      layers: layers.filter(({ role }) => role === 'task'),
      asked: requests.filter(({ path }) => path.includes('/manifests/cache-')),
    };
  };
  const buildAt = async (branch: string, lock: string, more?: readonly string[]) => {
    await clone.git('checkout', '--quiet', '-B', branch);
    await clone.commit({ 'lock.txt': `${lock}\n` });
    return await build(more);
  };

  it('gives runs that miss what earlier ones of their scope downloaded, and is not asked for by hits', async () => {
    const first = await build();
    assert.deepEqual(first.found, ['load a', 'load b']);
    assert.equal(first.told[0], 'none yet');
    assert.match(first.told[1] ?? '', /^\d+ B of npm kept$/);

    await clone.commit({ README: 'A line.\n' });
    const hit = await build();
    assert.deepEqual([hit.found, hit.told, hit.asked], [[], [], []]);
    const again = await build();
    assert.deepEqual([again.found, again.told, again.asked], [[], [], []]);

    const second = await buildAt('main', 'a b c');
    assert.deepEqual(second.found, ['hit a', 'hit b', 'load c']);
    assert.match(second.told[0] ?? '', /^npm \d+ B, of commit [0-9a-f]{12} \(branch main\)$/);
    assert.match(second.told[1] ?? '', /^\d+ B more of npm kept$/);

    const fewer = await buildAt('main', 'a c');
    assert.deepEqual(fewer.found, ['hit a', 'hit c']);
    assert.equal(fewer.told.length, 1, 'nothing is new');
    assert.deepEqual(
      fewer.asked.map(({ method }) => method),
      ['GET'],
    );
  });

  it('lends a branch that of the default branch, which never gets a branch’s', async () => {
    const branch = await buildAt('feature', 'a d');
    assert.deepEqual(branch.found, ['hit a', 'load d']);
    assert.match(branch.told[0] ?? '', /\(branch main\)$/);
    const more = await buildAt('feature', 'a d e');
    assert.deepEqual(more.found, ['hit a', 'hit d', 'load e']);
    assert.match(more.told[0] ?? '', /\(branch feature\)$/);
    assert.deepEqual((await buildAt('other', 'd')).found, ['load d']);
    assert.deepEqual((await buildAt('main', 'c d')).found, ['hit c', 'load d']);
  });

  it('is not touched where nobody wants it', async () => {
    const none = await buildAt('main', 'a f', ['--download-cache', 'none']);
    assert.deepEqual([none.found, none.told, none.asked], [['load a', 'load f'], [], []]);
  });
});
