import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { text } from 'node:stream/consumers';
import { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { ACCOUNT } from './registry.ts';

/** Reads a small file of a published image as an engine would unpack it: of the topmost layer that has it. */
export async function readPublishedFile(
  host: string,
  repository: string,
  tag: string,
  path: string,
): Promise<string | undefined> {
  const login = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
  const get = async (what: string): Promise<Buffer> => {
    const headers = { authorization: `Basic ${login}`, accept: MEDIA_TYPE.manifest };
    const answer = await fetch(`http://${host}/v2/${repository}/${what}`, { headers });
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const { layers } = Manifest.parse(JSON.parse((await get(`manifests/${tag}`)).toString()));
  for (const { digest } of layers.toReversed()) {
    const found = await fileIn(gunzipSync(await get(`blobs/${digest}`)), path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads a small file of an image in a layout on disk, as {@link readPublishedFile} does. */
export async function readLayoutFile(
  layout: string,
  digest: string,
  path: string,
): Promise<string | undefined> {
  const blob = (of: string) => readFile(join(layout, 'blobs', ...of.split(':')));
  const { layers } = Manifest.parse(JSON.parse((await blob(digest)).toString()));
  for (const layer of layers.toReversed()) {
    const found = await fileIn(gunzipSync(await blob(layer.digest)), path);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function fileIn(tar: Uint8Array, path: string): Promise<string | undefined> {
  const archive = extract();
  archive.end(tar);
  for await (const entry of archive) {
    if (entry.header.name.replace(/^\.?\//, '') === path) return await text(entry);
    entry.resume();
  }
  return undefined;
}
