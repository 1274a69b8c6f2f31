import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { KeptDownloads } from '../../../src/build/downloads/download-request.ts';
import type { Container } from '../../../src/build/engine.ts';
import type { FinishedStep } from '../../../src/build/run-step.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import { openBench, sourceEntry, type StepBench, type StepTweaks } from '../step-run.ts';
import { contentOf, downloadsOf } from './kept-downloads.ts';

const options = { signal: AbortSignal.timeout(300_000) };

/** Does as npm does: uses what is there, downloads what is not; with times that are the same in each run. */
const npm = (...names: readonly string[]): string => `
cache=~/.npm/_cacache
mkdir -p -m 700 ~/.npm && mkdir -p $cache/content
for name in ${names.join(' ')}; do
  if [ -e $cache/content/$name ]; then echo hit $name; else echo load $name; echo "of $name" > $cache/content/$name; fi
done
echo made > ~/.npm/last-use
touch -d 2020-01-01 ~/.npm/last-use ~/.npm ~`;

const STAT = 'for name in ~/.m2/repository/*/*; do [ -e "$name" ] && echo saw $name; done; true';

describe('runStep with downloads of earlier runs', () => {
  let bench: StepBench;
  /** Found nothing, and downloaded `a` and `b`. */
  let cold: Awaited<ReturnType<typeof run>>;
  before(async () => {
    bench = await openBench();
    cold = await run(npm('a', 'b'), ['npm']);
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const run = async (
    init: string,
    tools: readonly string[],
    earlier?: FinishedStep,
    more: StepTweaks = {},
  ): Promise<FinishedStep & { readonly said: readonly string[] }> => {
    const start = bench.said.lines.length;
    const downloads = downloadsOf(tools, earlier?.downloads);
    const step = await bench.run([{ name: 'task', init }], { downloads, ...more });
    return { ...step, said: bench.said.lines.slice(start) };
  };
  const layersOf = ({ downloads }: { readonly downloads?: KeptDownloads }) =>
    downloads?.tools.flatMap(({ layers }) => layers) ?? [];
  const taskFiles = async ({ result }: FinishedStep) => {
    const [layer] = result.layers;
    return layer === undefined ? {} : await contentOf(layer, bench.staging);
  };

  it('gives tasks what an earlier run downloaded, and leaves the image as it would be without', async () => {
    assert.deepEqual(cold.said, ['[task] load a', '[task] load b']);
    assert.match(cold.downloads?.news.join() ?? '', /^\d+ B of npm kept$/);
    const warm = await run(npm('a', 'b', 'c'), ['npm'], cold);
    assert.deepEqual(warm.said, ['[task] hit a', '[task] hit b', '[task] load c']);
    const without = await bench.run([{ name: 'task', init: npm('a', 'b', 'c') }]);
    assert.equal(without.downloads, undefined);
    assert.deepEqual(warm.result.layers, without.result.layers);
    assert.deepEqual(warm.result.claims, without.result.claims);
    assert.deepEqual(await taskFiles(warm), {
      root: 'directory',
      'root/.npm': 'directory',
      'root/.npm/last-use': 'made\n',
    });

    const [one, two, ...others] = layersOf(warm);
    assert.ok(two !== undefined);
    assert.deepEqual([[one], others], [layersOf(cold), []], 'what is new is one more layer');
    assert.deepEqual(await contentOf(two, bench.staging), { 'root/.npm/_cacache/content/c': 'of c\n' });
    assert.match(warm.downloads?.news.join() ?? '', /^\d+ B more of npm kept$/);

    const again = await run(npm('a', 'b', 'c'), ['npm'], warm);
    assert.deepEqual(again.said, ['[task] hit a', '[task] hit b', '[task] hit c']);
    assert.deepEqual(again.downloads, { tools: warm.downloads?.tools, news: [] }, 'nothing is new');
  });

  it('keeps all anew where something has gone, and nothing where all has', async () => {
    const fewer = await run(`${npm('c')}\nrm $cache/content/a`, ['npm'], cold);
    const [whole, ...others] = layersOf(fewer);
    assert.ok(whole !== undefined);
    assert.deepEqual(others, []);
    const names = Object.keys(await contentOf(whole, bench.staging));
    assert.deepEqual(names.slice(-2), ['root/.npm/_cacache/content/b', 'root/.npm/_cacache/content/c']);

    const cleaned = await run('rm -rf ~/.npm; touch -d 2020-01-01 ~', ['npm'], fewer);
    assert.deepEqual(cleaned.downloads, { tools: [], news: ['npm starts anew'] });
    const without = await run('rm -rf ~/.npm; touch -d 2020-01-01 ~', []);
    assert.deepEqual(cleaned.result.layers, without.result.layers, 'no whiteout of what the image never had');
  });

  it('captures what it laid of a cache that is the install, as something that the tasks made', async () => {
    const repository = '~/.m2/repository/org';
    const first = await run(`mkdir -p ${repository} && echo jar > ${repository}/a.jar`, ['maven']);
    const second = await run(STAT, ['maven'], first);
    assert.deepEqual(second.said, ['[task] saw /root/.m2/repository/org/a.jar']);
    const files = await taskFiles(second);
    assert.equal(files['root/.m2/repository/org/a.jar'], 'jar\n');
    assert.deepEqual(second.result.claims.subtrees, ['root/.m2']);
    assert.deepEqual(second.downloads?.news, []);
  });

  it('keeps what the base has of it, and gives it back where a task deletes it', async () => {
    const ofBase = (text: string) => async (container: Container) => {
      const folders = ['root/.m2', 'root/.m2/repository', 'root/.m2/repository/org'];
      const entries = [
        ...folders.map((path) => sourceEntry(path, { kind: 'directory', mode: 0o755 })),
        sourceEntry('root/.m2/repository/org/base.jar', { text }),
      ];
      await container.put(tarOf(entries), options);
    };
    const onCreated = ofBase('base');
    const first = await run('echo own > ~/.m2/repository/org/own.jar', ['maven'], undefined, { onCreated });
    const [layer] = layersOf(first);
    assert.ok(layer !== undefined);
    assert.equal((await contentOf(layer, bench.staging))['root/.m2/repository/org/base.jar'], 'base');

    const files = await taskFiles(await run('rm ~/.m2/repository/org/*', ['maven'], first, { onCreated }));
    assert.equal(files['root/.m2/repository/org/.wh.base.jar'], '');
    assert.equal(files['root/.m2/repository/org/.wh.own.jar'], undefined);
    assert.equal(files['root/.m2/repository/org/own.jar'], undefined);
  });

  it('lays nothing where images would not leave it out', async () => {
    const env = { npm_config_cache: '/opt/npm' };
    const { said } = await run('ls -A /opt ~', ['npm'], cold, { config: { env } });
    assert.equal(said[0], 'the downloads of npm are not kept: images do not leave out /opt/npm/_cacache');
    assert.ok(said.every((line) => !line.endsWith('.npm')));
  });

  it('follows no link on the way, by which it would come into the image', async () => {
    const link = sourceEntry('root/.npm', { kind: 'symlink', mode: 0o777, target: '/opt' });
    const linked = await run('ls -A /opt', ['npm'], cold, {
      onCreated: async (container) => container.put(tarOf([link]), options),
    });
    assert.deepEqual(linked.said, ['the earlier downloads of npm are not used: /root/.npm is no folder']);
  });

  it('runs without them, in a container that never had any, where the engine takes only a part', async () => {
    const [cached] = layersOf(cold);
    const created = bench.created.length;
    const second = await run(npm('a'), ['npm'], cold, {
      wrap: (container) => ({
        ...container,
        async put(tar, given) {
          const bytes = Buffer.concat(await Array.fromAsync(tar));
          if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` === cached?.digest)
            throw new Error('it broke off');
          await container.put(Readable.from([bytes]), given);
        },
      }),
    });
    assert.deepEqual(second.said, [
      'cannot lay the earlier downloads of npm: it broke off; the tasks run without them',
      '[task] load a',
    ]);
    assert.equal(bench.created.length, created + 2);
    assert.equal(layersOf(second).length, 1, 'and keeps what it downloads');
  });

  it('keeps nothing with a secret in it, and nothing beyond its limit', async () => {
    const access = { secrets: { TOKEN: 'hunter22hunter22' } };
    const secret = await run(`${npm('a')}\necho $TOKEN > $cache/content/t`, ['npm'], undefined, { access });
    assert.deepEqual(secret.said.slice(-1), [
      'what npm downloaded is not kept: cannot keep what npm downloaded: /root/.npm/_cacache/content/t holds the secret TOKEN',
    ]);
    assert.deepEqual(secret.downloads, { tools: [], news: [] });

    const downloads = downloadsOf(['npm'], cold.downloads, { limit: 64 * 1024 });
    const large = `${npm('a')}\nhead -c 70000 /dev/urandom > $cache/content/large`;
    const beyond = await run(large, [], undefined, { downloads });
    assert.deepEqual(beyond.said.slice(-1), [
      'what npm downloaded is not kept: it has more than the 66 kB of --download-cache-limit',
    ]);
    assert.deepEqual(beyond.downloads, { tools: [], news: ['npm starts anew'] });
  });

  it('asks for nothing where nothing is to run', async () => {
    const source = { find: async () => assert.fail('asked'), fetch: async () => assert.fail('fetched') };
    const { downloads } = await bench.run([{ command: 'npm start' }], {
      downloads: downloadsOf(['npm'], undefined, { source }),
    });
    assert.equal(downloads, undefined);
  });
});
