import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import type { BaseImage, Transfer, Uploader, UploadOptions } from '../../publish/uploader.ts';
import { removeDamagedBlobs } from './damaged-blobs.ts';
import { isWholeAndUsed } from './used-blobs.ts';
import { createLayout } from './layout-files.ts';
import { findTag, readIndex, tagInLayout } from './layout-index.ts';
import { lockLayout } from './layout-lock.ts';
import { openSideLayout } from './side-layout.ts';

type Options = CallOptions & {
  readonly onProgress?: (detail: string) => void;
  /** The layout as messages name it; `directory` where absent. */
  readonly into?: string;
};

/** What moves content into a layout: oras. */
export interface LayoutCopier {
  /** Copies a base image from its registry into the OCI layout `directory`, where it gets `tag`. */
  copyBase(base: BaseImage, directory: string, tag: string, options: Options): Promise<Transfer>;
  /** Copies what `tag` means in the OCI layout `layout` into `directory`, where it gets the same tag. */
  copyStaged(layout: string, tag: string, directory: string, options: Options): Promise<Transfer>;
}

/** The tag of a base in the side layout; it never reaches the target, whose images list the base's blobs themselves. */
const BASE_TAG = 'base';

/**
 * Writes into an OCI layout that other builds write into at the same time: blobs arrive through a side layout, whose
 * tag is then entered into the index in one step, under the layout's lock.
 */
export function createLayoutWriter(reader: ContentStore, directory: string, copier: LayoutCopier): Uploader {
  return {
    async copyBase(base, options) {
      return await writing(directory, async () => {
        await createLayout(directory);
        await using side = await openSideLayout(directory);
        const copied = await copySound(side.directory, BASE_TAG, () =>
          copier.copyBase(base, side.directory, BASE_TAG, { ...options, into: directory }),
        );
        await isWholeAndUsed(directory, await taggedIn(side.directory, BASE_TAG));
        return copied;
      });
    },
    async upload(layout, tag, options) {
      return await writing(directory, async () => {
        await createLayout(directory);
        await using side = await openSideLayout(directory);
        const copy = async (): Promise<Transfer> =>
          await copySound(side.directory, tag, () =>
            copier.copyStaged(layout, tag, side.directory, { ...options, into: directory }),
          );
        const first = await copy();
        const enterCopied = async (): Promise<boolean> =>
          await enter(directory, await taggedIn(side.directory, tag), [tag], options);
        if (await enterCopied()) return first;
        const again = await copy();
        if (!(await enterCopied())) throw missing(directory, tag);
        return { blobs: first.blobs + again.blobs, bytes: first.bytes + again.bytes };
      });
    },
    async tag(digest, tags, options) {
      if (tags.length === 0) return;
      const manifest = await reader.resolve(digest, options);
      if (manifest === undefined) throw missing(directory, digest);
      if (!(await writing(directory, () => enter(directory, manifest, tags, options))))
        throw missing(directory, digest);
    },
  };
}

/** A copy may find the manifest damaged first, and its blobs only once the manifest can be read. */
const MOST_COPIES = 3;

/** Copies, and copies again what had lain there in a damaged state. */
async function copySound(
  sideDirectory: string,
  tag: string,
  copy: () => Promise<Transfer>,
): Promise<Transfer> {
  let moved: Transfer = { blobs: 0, bytes: 0 };
  for (let copies = 1; copies <= MOST_COPIES; copies++) {
    const { blobs, bytes } = await copy();
    moved = { blobs: moved.blobs + blobs, bytes: moved.bytes + bytes };
    if (!(await removeDamagedBlobs(sideDirectory, await taggedIn(sideDirectory, tag)))) return moved;
  }
  throw new PreheatError(`cannot copy an image into ${sideDirectory}: its blobs are damaged each time`, {
    phase: 'publish',
    code: 'corrupt',
  });
}

async function taggedIn(sideDirectory: string, tag: string): Promise<Descriptor> {
  const index = await readIndex(sideDirectory);
  const entry = index && findTag(index, tag);
  if (entry === undefined) throw missing(sideDirectory, tag);
  return { mediaType: entry.mediaType, digest: entry.digest, size: entry.size };
}

/** Whether all of it was there to be entered: a clean-up may have taken blobs that a copy had found. */
async function enter(
  directory: string,
  manifest: Descriptor,
  tags: readonly string[],
  { signal, mayTag }: UploadOptions,
): Promise<boolean> {
  await using _lock = await lockLayout(directory, signal);
  if (!(await isWholeAndUsed(directory, manifest))) return false;
  if (mayTag !== undefined && !(await mayTag())) return true;
  await tagInLayout(directory, manifest, tags);
  return true;
}

async function writing<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (
      thrown instanceof PreheatError ||
      !(thrown instanceof Error) ||
      !('code' in thrown && 'syscall' in thrown)
    ) {
      throw thrown;
    }
    throw new PreheatError(`cannot write to the layout ${directory}: ${messageOf(thrown)}`, {
      phase: 'publish',
      hint: 'Make the folder behind "oci:" writable, with enough space on its disk.',
      cause: thrown,
    });
  }
}

function missing(directory: string, tagOrDigest: string): PreheatError {
  return new PreheatError(`cannot tag an image in ${directory}: it has no ${tagOrDigest}`, {
    phase: 'publish',
    code: 'not-found',
  });
}
