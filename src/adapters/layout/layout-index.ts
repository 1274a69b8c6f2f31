import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PreheatError } from '../../kernel/failure.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { ImageIndex } from '../../oci/manifest.ts';
import { indexPath, writeWhole } from './layout-files.ts';

/** Annotation that carries a tag in a layout's index (image-spec, "Pre-Defined Annotation Keys"). */
export const REF_NAME = 'org.opencontainers.image.ref.name';

type Entry = ImageIndex['manifests'][number];

/** oras rewrites index.json in place, so a reader may meet half of it; a complete one is there a moment later. */
const READ_ATTEMPTS = 5;
const READ_PAUSE_MS = 20;

/**
 * Reads a layout's index; `undefined` where there is no layout yet. Throws `PreheatError` (observe, `corrupt`) for an
 * index that nobody could read, and the file system's error for one that may not be read.
 */
export async function readIndex(directory: string): Promise<ImageIndex | undefined> {
  for (let attempt = 1; ; attempt++) {
    const text = await readText(indexPath(directory));
    if (text === undefined) return undefined;
    const parsed = ImageIndex.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    if (attempt === READ_ATTEMPTS) throw corrupt(directory);
    await sleep(READ_PAUSE_MS);
  }
}

/** The entry that a tag names. */
export function findTag(index: ImageIndex, tag: string): Entry | undefined {
  return index.manifests.find((entry) => entry.annotations?.[REF_NAME] === tag);
}

/** The index in which `tags` name this manifest and nothing else. */
export function withTags(index: ImageIndex, manifest: Entry, tags: readonly string[]): ImageIndex {
  const moved = new Set(tags);
  const others = index.manifests.filter((entry) => {
    const tag = entry.annotations?.[REF_NAME];
    return tag === undefined ? entry.digest !== manifest.digest : !moved.has(tag);
  });
  const named = tags.map((tag) => ({
    ...manifest,
    annotations: { ...manifest.annotations, [REF_NAME]: tag },
  }));
  return { ...index, manifests: [...others, ...named] };
}

/** Gives tags to a manifest of the layout. The caller holds the layout's lock. */
export async function tagInLayout(
  directory: string,
  manifest: Descriptor,
  tags: readonly string[],
): Promise<void> {
  const index = (await readIndex(directory)) ?? { schemaVersion: 2, manifests: [] };
  await writeWhole(directory, indexPath(directory), JSON.stringify(withTags(index, manifest, tags)));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function corrupt(directory: string): PreheatError {
  return new PreheatError(`cannot read the layout ${directory}: its index.json is no OCI image index`, {
    phase: 'observe',
    code: 'corrupt',
    hint: 'Name an OCI image layout or an empty folder behind "oci:".',
  });
}
