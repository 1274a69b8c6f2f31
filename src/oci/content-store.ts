import type { Descriptor } from './descriptor.ts';
import type { Location } from './location.ts';
import type { Manifest } from './manifest.ts';
import type { Platform } from './platform.ts';

/** A manifest as it was read: its descriptor covers exactly the bytes that `manifest` was parsed from. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

/**
 * Reading from one repository: a registry's or an OCI layout's. Every read is bounded by a deadline and a size and is
 * checked against its digest. What is not there is `undefined`; everything else that goes wrong throws a `PreheatError`
 * of phase `observe` with code `unauthorized`, `unreachable`, `corrupt` or `failed`.
 */
export interface ContentStore {
  readonly location: Location;
  /** The descriptor behind a tag or digest, without reading content (one HEAD request). */
  resolve(tagOrDigest: string, options: CallOptions): Promise<Descriptor | undefined>;
  /** The image manifest behind a tag or digest; of an index, the member for `platform` (by default the first). */
  readManifest(
    tagOrDigest: string,
    options: CallOptions & { readonly platform?: Platform },
  ): Promise<StoredManifest | undefined>;
  /** A small blob (a config, at most 4 MiB), whole. */
  readBlob(descriptor: Descriptor, options: CallOptions): Promise<Uint8Array | undefined>;
  /** Whether a blob is there in its full size, without reading it (one HEAD request). */
  hasBlob(descriptor: Descriptor, options: CallOptions): Promise<boolean>;
  /** All tags, in no order. */
  listTags(options: CallOptions): Promise<readonly string[]>;
}
