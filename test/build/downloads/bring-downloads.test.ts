import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { bringDownloads } from '../../../src/build/downloads/bring-downloads.ts';
import type { DownloadSource } from '../../../src/build/downloads/download-request.ts';
import type { DownloadCache, ToolDownloads } from '../../../src/observe/download-cache.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import { openTestStaging } from '../../support/staged-image.ts';
import { sourceEntry } from '../step-run.ts';
import { toolOf } from './kept-downloads.ts';

const options = { signal: AbortSignal.timeout(60_000) };

async function openScene() {
  const staged = await openTestStaging();
  const { staging } = staged;
  const downloadsOf = async (tool: string): Promise<ToolDownloads> => {
    const path = `root/.${tool}/a`;
    const { role: _, ...layer } = await staging.addLayer('task', tarOf([sourceEntry(path, {})]), options);
    const folders = [`/root/.${tool}`];
    return { tool, folders, above: {}, owner: { uid: 0, gid: 0 }, layers: [{ ...layer, unpacked: 1 }] };
  };
  const [npm, go] = [await downloadsOf('npm'), await downloadsOf('go')];
  const cache: DownloadCache = {
    schemaVersion: 1,
    scope: { kind: 'protected', branch: 'main' },
    commit: 'c'.repeat(40),
    tools: [npm, go],
  };
  const asked: string[] = [];
  const source: DownloadSource = {
    async find() {
      asked.push('find');
      return cache;
    },
    async fetch({ digest }) {
      asked.push(digest);
      return true;
    },
  };
  const bring = (more: Partial<DownloadSource> = {}) =>
    bringDownloads({ tools: [toolOf('npm')], source: { ...source, ...more } }, staging, options);
  return { npm, cache, asked, bring, [Symbol.asyncDispose]: () => staged[Symbol.asyncDispose]() };
}

describe('bringDownloads', () => {
  it('asks for nothing before it is begun, and for each layer once', async () => {
    await using scene = await openScene();
    const { npm, asked } = scene;
    await using coming = scene.bring();
    await sleep(10);
    assert.deepEqual(asked, []);
    coming.begin();
    coming.begin();
    assert.deepEqual(await coming.find(), scene.cache);
    await coming.bring(npm);
    assert.deepEqual(asked, ['find', npm.layers[0]?.digest], 'nothing of a tool that nobody asked for');
  });

  it('brings them when they are asked for where it was not begun', async () => {
    await using scene = await openScene();
    const { npm, asked } = scene;
    await using coming = scene.bring();
    await coming.bring(npm);
    assert.deepEqual(asked, [npm.layers[0]?.digest]);
  });

  it('tells whoever asks what went wrong meanwhile, and nobody else', async () => {
    await using scene = await openScene();
    await using coming = scene.bring({ fetch: async () => false });
    coming.begin();
    await sleep(20);
    await assert.rejects(coming.bring(scene.npm), /^Error: its layer sha256:\w+ has gone$/);
    await using lost = scene.bring({
      find: async () => {
        throw new Error('the registry burns');
      },
    });
    lost.begin();
    await sleep(20);
    await assert.rejects(lost.find(), /the registry burns/);
  });

  it('gives up what is still on its way when it is disposed of', async () => {
    await using scene = await openScene();
    let ended = '';
    const fetching = Promise.withResolvers<void>();
    const coming = scene.bring({
      async fetch(_, { signal }) {
        fetching.resolve();
        await sleep(60_000, undefined, { signal }).catch(() => (ended = 'aborted'));
        signal.throwIfAborted();
        return true;
      },
    });
    coming.begin();
    await fetching.promise;
    await coming[Symbol.asyncDispose]();
    assert.equal(ended, 'aborted');
  });
});
