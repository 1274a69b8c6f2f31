import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { parseJson } from '../../../kernel/parse-json.ts';
import type { Descriptor } from '../../../oci/descriptor.ts';
import { digestOf, shortDigest } from '../../../oci/digest.ts';
import { Manifest } from '../../../oci/manifest.ts';
import { blobsOf } from '../transfer-lines.ts';
import { unsettled, type Pushing, type RegistryAnswer } from './direct-registry.ts';
import { listReferrer } from './list-referrer.ts';
import { manifestPut } from './manifest-types.ts';
import type { SendBelow } from './send-below.ts';

/** More is for oras, which reads files piece by piece. */
const MOST_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 8;
const MOST_ANSWER_BYTES = 64 * 1024;
const OCTETS = 'application/octet-stream';

/**
 * Sends what a registry lacks of an image that lies in a layout, blobs first (distribution-spec, "Pushing blobs" and
 * "Pushing Manifests"). Nothing is sent where it lacks more than 4 MiB, or a blob that the layout lacks too.
 */
export async function pushImage(
  { layout, digest, tag, onLine }: Pushing,
  send: SendBelow,
): Promise<RegistryAnswer> {
  const body = await readFile(fileIn(layout, digest));
  const manifest = Manifest.safeParse(parseJson(body.toString('utf8'))).data;
  const { mediaType } = manifest ?? {};
  if (manifest === undefined || mediaType === undefined) return unsettled('the manifest tells no type');
  const lacking = await lackingOf(blobsOf(manifest), send);
  if (lacking === undefined) return unsettled('the registry does not tell which blobs it has');
  const why = await whyNotSent(layout, lacking);
  if (why !== undefined) return unsettled(why);
  if (!(await pushBlobs(lacking, layout, onLine, send))) return unsettled('the registry refused a blob');
  return await putManifest({ digest, mediaType, body, name: tag ?? digest }, manifest, send);
}

/** Whether the registry took them all. */
async function pushBlobs(
  blobs: readonly Descriptor[],
  layout: string,
  onLine: (line: string) => void,
  send: SendBelow,
): Promise<boolean> {
  const push = async (blob: Descriptor): Promise<boolean> => {
    const status = await pushBlob(await readFile(fileIn(layout, blob.digest)), blob, send);
    if (status === 201) onLine(`Copied ${shortDigest(blob.digest)} ${blob.mediaType}`);
    return status === 201;
  };
  return (await pMap(blobs, push, { concurrency: AT_ONCE })).every(Boolean);
}

interface ManifestPut extends Pick<Descriptor, 'digest' | 'mediaType'> {
  readonly body: Buffer;
  /** Its tag, or its digest. */
  readonly name: string;
}

async function putManifest(
  { digest, mediaType, body, name }: ManifestPut,
  manifest: Manifest,
  send: SendBelow,
): Promise<RegistryAnswer> {
  const answer = await send(manifestPut(body, mediaType), `manifests/${name}`);
  if (answer.status !== 201 || (answer.headers['docker-content-digest'] ?? digest) !== digest)
    return unsettled(`status ${answer.status} for the manifest`);
  const isListed = manifest.subject === undefined || answer.headers['oci-subject'] !== undefined;
  const why = isListed
    ? undefined
    : await listReferrer({ mediaType, digest, size: body.length }, manifest, send);
  return why === undefined ? { kind: 'found', content: body } : unsettled(why);
}

async function lackingOf(
  blobs: readonly Descriptor[],
  send: SendBelow,
): Promise<readonly Descriptor[] | undefined> {
  const look = { method: 'HEAD', headers: {}, mostBytes: 0, mayMove: true } as const;
  const ask = async ({ digest }: Descriptor): Promise<number> => (await send(look, `blobs/${digest}`)).status;
  const answers = await pMap(blobs, ask, { concurrency: AT_ONCE });
  if (answers.some((status) => status !== 200 && status !== 404)) return undefined;
  return blobs.filter((_, at) => answers[at] === 404);
}

async function whyNotSent(layout: string, lacking: readonly Descriptor[]): Promise<string | undefined> {
  for (const { digest, size } of lacking) {
    const staged = await stat(fileIn(layout, digest)).catch(() => undefined);
    if (staged?.size !== size) return `the registry lacks blob ${digest}, which is not staged`;
  }
  const bytes = lacking.reduce((sum, { size }) => sum + size, 0);
  return bytes > MOST_BYTES ? `${bytes} bytes are to be sent` : undefined;
}

/** The status of what ended the upload: 201 where the registry has the blob. */
async function pushBlob(body: Buffer, { digest }: Descriptor, send: SendBelow): Promise<number> {
  if (digestOf(body) !== digest) return 0;
  const begun = await send(upload('POST', Buffer.alloc(0)), 'blobs/uploads/');
  const { location } = begun.headers;
  if (begun.status !== 202 || location === undefined) return begun.status;
  const place = `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
  return (await send(upload('PUT', body), place)).status;
}

function upload(method: 'POST' | 'PUT', body: Buffer) {
  const headers = { 'content-type': OCTETS, 'content-length': String(body.length) };
  return { method, headers, body, mostBytes: MOST_ANSWER_BYTES, mayMove: false } as const;
}

function fileIn(layout: string, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'));
}
