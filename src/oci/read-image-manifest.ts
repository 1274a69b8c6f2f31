import { PreheatError } from '../kernel/failure.ts';
import type { StoredManifest } from './content-store.ts';
import { digestOf, isDigest } from './digest.ts';
import { ImageIndex, Manifest } from './manifest.ts';
import { MEDIA_TYPE } from './media-types.ts';
import { byVariant, formatPlatform, platformMatches, type Platform } from './platform.ts';

/** Answers a manifest's bytes, or `undefined` where there is none. */
export type FetchManifest = (tagOrDigest: string) => Promise<Uint8Array | undefined>;

type Member = ImageIndex['manifests'][number];

/**
 * Reads an image manifest whose bytes `fetch` gets; of an index, the member for `platform` (by default the first
 * image). `name` stands in messages. Throws `PreheatError` (observe): `corrupt` for bytes that do not fit their digest
 * or are no manifest, `failed` for an index without the platform.
 */
export async function readImageManifest(
  fetch: FetchManifest,
  name: string,
  tagOrDigest: string,
  platform: Platform | undefined,
): Promise<StoredManifest | undefined> {
  const bytes = await fetch(tagOrDigest);
  if (bytes === undefined) return undefined;
  const content = parseVerified(bytes, name, tagOrDigest);
  const index = ImageIndex.safeParse(content);
  if (!index.success) return stored(bytes, content, name);
  const member = chooseMember(index.data, name, platform);
  const memberBytes = await fetch(member.digest);
  if (memberBytes === undefined) throw corrupt(name, `its index names ${member.digest}, which is not there`);
  return stored(memberBytes, parseVerified(memberBytes, name, member.digest), name);
}

/**
 * Buildx lists its attestations as members of platform `unknown/unknown`:
 * https://docs.docker.com/build/metadata/attestations/attestation-storage/
 */
function isImage({ platform, annotations }: Member): boolean {
  return platform?.os !== 'unknown' && annotations?.['vnd.docker.reference.type'] === undefined;
}

function chooseMember(index: ImageIndex, name: string, platform: Platform | undefined): Member {
  const images = index.manifests.filter(isImage);
  const chosen = platform === undefined ? images[0] : bestFor(platform, images);
  if (chosen !== undefined) return chosen;
  const offered = images.flatMap((member) =>
    member.platform === undefined ? [] : [formatPlatform(member.platform)],
  );
  const wanted = platform === undefined ? 'any platform' : formatPlatform(platform);
  throw new PreheatError(
    `cannot use ${name}: it has no image for ${wanted}, only for ${offered.join(', ') || 'none'}`,
    { phase: 'observe', hint: 'Choose another image, or another --platform.' },
  );
}

/** An only image may leave its platform out (image-spec, "Image Index"); its config tells it then. */
function bestFor(wanted: Platform, images: readonly Member[]): Member | undefined {
  const fitting = images.flatMap((member) =>
    member.platform !== undefined && platformMatches(member.platform, wanted)
      ? [{ member, platform: member.platform }]
      : [],
  );
  const [best] = fitting.toSorted((a, b) => byVariant(a.platform, b.platform));
  const [only, ...others] = images;
  return best?.member ?? (others.length === 0 && only?.platform === undefined ? only : undefined);
}

function parseVerified(bytes: Uint8Array, name: string, tagOrDigest: string): unknown {
  if (isDigest(tagOrDigest) && digestOf(bytes) !== tagOrDigest) {
    throw corrupt(name, `its bytes have digest ${digestOf(bytes)}, not ${tagOrDigest}`);
  }
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (thrown) {
    throw corrupt(name, 'its manifest is no JSON', thrown);
  }
}

function stored(bytes: Uint8Array, content: unknown, name: string): StoredManifest {
  const parsed = Manifest.safeParse(content);
  if (!parsed.success) throw corrupt(name, 'it is no image manifest', parsed.error);
  const mediaType = parsed.data.mediaType ?? MEDIA_TYPE.manifest;
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength },
    manifest: parsed.data,
  };
}

function corrupt(name: string, why: string, cause?: unknown): PreheatError {
  return new PreheatError(`cannot read ${name}: ${why}`, { phase: 'observe', code: 'corrupt', cause });
}
