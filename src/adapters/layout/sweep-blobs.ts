import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import { parseJson } from '../../kernel/parse-json.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { isDigest, type Digest } from '../../oci/digest.ts';
import { ImageIndex, Manifest } from '../../oci/manifest.ts';
import { blobPath } from './layout-files.ts';
import { readIndex } from './layout-index.ts';
import { lockLayout } from './layout-lock.ts';

/** What is larger is a layer (distribution-spec, "Pushing Manifests"). */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/**
 * Removes the blobs of a layout that nothing in its index names, directly or through another index, and tells how many bytes
 * that were. Under the layout's lock, so that no index changes meanwhile; what was written or used after `olderThan` stays,
 * since a build writes its blobs before its tag. Throws `PreheatError` (publish) where an index or manifest that is named
 * cannot be read: then nobody knows what it names.
 */
export async function sweepBlobs(
  directory: string,
  olderThan: Date,
  { signal }: CallOptions,
): Promise<number> {
  await using _lock = await lockLayout(directory, signal);
  const index = await readIndex(directory);
  if (index === undefined) return 0;
  const named = new Set<string>();
  for (const { digest } of index.manifests) await mark(digest, directory, named);
  let swept = 0;
  for (const name of await readdir(join(directory, 'blobs', 'sha256'))) {
    signal.throwIfAborted();
    const digest = `sha256:${name}`;
    if (!isDigest(digest) || named.has(digest)) continue;
    const path = blobPath(directory, digest);
    const found = await stat(path);
    if (found.mtime >= olderThan) continue;
    await rm(path, { force: true });
    swept += found.size;
  }
  return swept;
}

/** Marks a manifest, its blobs and what it refers to; of an index all members. What has gone names nothing. */
async function mark(digest: Digest, directory: string, named: Set<string>): Promise<void> {
  if (named.has(digest)) return;
  named.add(digest);
  const text = await readManifest(digest, directory);
  if (text === undefined) return;
  const content = parseJson(text);
  const index = ImageIndex.safeParse(content);
  const manifest = Manifest.safeParse(content);
  if (index.success) {
    for (const member of index.data.manifests) await mark(member.digest, directory, named);
    return;
  }
  if (!manifest.success) throw unreadable(digest, directory);
  const { config, layers, subject } = manifest.data;
  for (const blob of [config, ...layers]) named.add(blob.digest);
  if (subject !== undefined) named.add(subject.digest);
}

async function readManifest(digest: Digest, directory: string): Promise<string | undefined> {
  const path = blobPath(directory, digest);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.size > LARGEST_MANIFEST) throw unreadable(digest, directory);
  return await readFile(path, 'utf8');
}

function unreadable(digest: Digest, directory: string): PreheatError {
  return new PreheatError(
    `cannot free blobs of the layout ${directory}: nobody can tell what its entry ${digest} names`,
    {
      phase: 'publish',
      code: 'corrupt',
      hint: 'Take that entry out of its index.json, or put the manifest back.',
    },
  );
}
