import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { Layer } from '../oci/layer.ts';
import { Owner } from './step-record.ts';

/** Raw bytes as latin1 text; below the checkout, or in the image without a leading slash. */
const RawPath = z.string();
const ObjectId = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const Count = z.number().int().nonnegative();

/** What becomes of submodules, and of files that Git LFS keeps elsewhere. */
export const LayingMode = z.object({
  submodules: z.enum(['recursive', 'none']),
  lfs: z.enum(['pointers', 'contents']),
});
export type LayingMode = Readonly<z.infer<typeof LayingMode>>;

/** A submodule as it was laid down. */
export const LaidSubmodule = z.object({
  /** Of its folder, and of its git folder below `.git/modules`. */
  path: RawPath,
  gitPath: RawPath,
  commit: ObjectId,
  /** The root tree of that commit. */
  tree: ObjectId,
  /** As its configuration has it. */
  remoteUrl: z.string().optional(),
  /** What the tree holds, folders too: the clone of a later build need not have the submodule any more. */
  entries: z.array(z.tuple([RawPath, z.number().int(), ObjectId])),
});
export type LaidSubmodule = Readonly<z.infer<typeof LaidSubmodule>>;

/** What a later build needs to know of a checkout that was laid down and that git's objects alone do not say. */
export const LaidCheckout = z.object({
  commit: ObjectId,
  /** The commits behind which its history is cut, sorted. */
  cut: z.array(ObjectId),
  mode: LayingMode,
  submodules: z.array(LaidSubmodule),
  /** The files of all git folders apart from packs, with the digests of their contents. */
  gitFiles: z.array(z.tuple([RawPath, DigestText])),
  /** The folders in them, and their packs, which the names of packs tell (`<name>.pack` and `<name>.idx`). */
  gitFolders: z.array(RawPath),
  packs: z.array(RawPath),
  /** The bytes of files that attributes or Git LFS made longer or shorter than their blob. */
  sizes: z.array(z.tuple([RawPath, Count])),
});
export type LaidCheckout = Readonly<z.infer<typeof LaidCheckout>>;

/** A source layer upon which deltas can be laid: what it leaves behind for the builds of later commits. */
export const Keyframe = z.object({
  schemaVersion: z.literal(1),
  layer: Layer,
  /** Absolute path of the checkout in the image. */
  location: z.string(),
  owner: Owner,
  historyDepth: Count,
  checkout: LaidCheckout,
  /** Files of preheat itself that lie in the layer too: path, mode, digest of the content. */
  files: z.array(z.tuple([RawPath, z.number().int(), DigestText])),
});
export type Keyframe = Readonly<z.infer<typeof Keyframe>>;

const BEST = 9;

/** A keyframe as text for a label: JSON, compressed, since listings repeat themselves. */
export function keyframeText(keyframe: Keyframe): string {
  return gzipSync(JSON.stringify(keyframe), { level: BEST }).toString('base64');
}

/** How large a keyframe's JSON may be: what submodules hold takes 120 bytes a file. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A keyframe as {@link keyframeText} wrote it. */
export const KeyframeText = z.string().transform((text, context) => {
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST_BYTES });
    return Keyframe.parse(JSON.parse(json.toString('utf8')));
  } catch {
    context.addIssue({ code: 'custom', message: 'no keyframe' });
    return z.NEVER;
  }
});
