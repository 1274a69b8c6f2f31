import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bringDownloads } from '../../../src/build/downloads/bring-downloads.ts';
import { findDownloads } from '../../../src/build/downloads/find-downloads.ts';
import type { ToolDownloads } from '../../../src/observe/download-cache.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import { sourceEntry, openBench, type StepBench } from '../step-run.ts';
import { downloadsOf } from './kept-downloads.ts';

const options = { signal: AbortSignal.timeout(60_000) };
const CACHE = 'root/.npm/_cacache';

/** What our own writer refuses to write. */
async function* climbingTar(path: string): AsyncGenerator<Uint8Array> {
  const words = ['--create', '--absolute-names', `--transform=s,.*,${path},`, '/etc/hostname'];
  yield spawnSync('tar', words).stdout;
}

describe('findDownloads', () => {
  let bench: StepBench;
  let earlier: ToolDownloads;
  before(async () => {
    bench = await openBench();
    earlier = {
      tool: 'npm',
      folders: ['/root/.npm/_cacache'],
      above: {},
      owner: { uid: 0, gid: 0 },
      layers: [await layerOf(`${CACHE}/a`)],
    };
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const layerOf = async (path: string, more: Parameters<typeof sourceEntry>[1] = {}) => {
    const { role: _, ...layer } = await bench.staging.addLayer(
      'task',
      tarOf([sourceEntry(path, more)]),
      options,
    );
    return { ...layer, unpacked: 1 };
  };
  /** What is found of these downloads, and what is said. */
  const find = async (downloads: ToolDownloads, fetch = async (): Promise<boolean> => true) => {
    const request = downloadsOf(['npm'], { tools: [downloads], news: [] });
    const start = bench.said.lines.length;
    const around = {
      tasks: [{}],
      home: '/root',
      checkoutLocation: '/workspace/app',
      owner: { uid: 0, gid: 0 },
    };
    const { tools, source } = request;
    await using coming = bringDownloads({ tools, source: { ...source, fetch } }, bench.staging, options);
    const [found] = await findDownloads(request, around, { coming, log: bench.said.log }, options);
    assert.deepEqual(found?.place.folders, ['/root/.npm/_cacache'], 'it is kept anew in any case');
    return { earlier: found.earlier, said: bench.said.lines.slice(start).join('\n') };
  };
  const refused = async (downloads: Partial<ToolDownloads>, fetch?: () => Promise<boolean>) => {
    const found = await find({ ...earlier, ...downloads }, fetch);
    assert.equal(found.earlier, undefined);
    assert.match(found.said, /^the earlier downloads of npm are not used: .*$/);
    return found.said.slice('the earlier downloads of npm are not used: '.length);
  };

  it('finds what is whole, and says whose it is', async () => {
    assert.deepEqual(await find(earlier), { earlier, said: '' });
    const end = bench.said.events.at(-1);
    assert.ok(end?.type === 'step-end' && end.name === 'download cache');
    assert.match(end.detail, /^npm \d+ B, of commit cccccccccccc \(branch main\)$/);
  });

  it('refuses downloads of another place or another user', async () => {
    const folders = ['/home/x/.npm/_cacache'];
    const where = 'they lay in /home/x/.npm/_cacache, and belong in /root/.npm/_cacache now';
    assert.equal(await refused({ folders }), where);
    const owner = { uid: 1000, gid: 0 };
    assert.equal(await refused({ owner }), 'tasks ran as 1000:0 then, and run as 0:0 now');
  });

  it('refuses what has gone, cannot be had or is damaged, and what lies outside its folders', async () => {
    assert.match(await refused({}, async () => false), /^its layer sha256:\w+ has gone$/);
    const fails = async (): Promise<boolean> => {
      throw new Error('the registry burns');
    };
    assert.equal(await refused({}, fails), 'the registry burns');
    const stray = 'is not in its folders';
    assert.equal(await refused({ layers: [await layerOf('etc/x')] }), `it holds /etc/x, which ${stray}`);
    const climbing = `${CACHE}/../../x`;
    const { role: _, ...climbs } = await bench.staging.addLayer('task', climbingTar(climbing), options);
    const layers = [{ ...climbs, unpacked: 1 }];
    assert.equal(await refused({ layers }), `it holds /${climbing}, which ${stray}`);
    const beside = `${CACHE}-2/x`;
    assert.equal(await refused({ layers: [await layerOf(beside)] }), `it holds /${beside}, which ${stray}`);

    const cut = await layerOf(`${CACHE}/b`, { text: 'b'.repeat(5000) });
    const bytes = Buffer.concat(await Array.fromAsync(bench.staging.readLayer(cut)));
    await writeFile(
      join(bench.staging.directory, 'blobs', ...cut.digest.split(':')),
      bytes.subarray(0, bytes.length / 2),
    );
    assert.equal(await refused({ layers: [cut] }), 'unexpected end of file');
  });
});
