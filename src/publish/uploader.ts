import type { CallOptions } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** What a transfer moved; blobs that the other side already had count as nothing. */
export interface Transfer {
  readonly blobs: number;
  readonly bytes: number;
}

/** A base image in its registry. */
export interface BaseImage {
  /** `registry/repository[:tag]`; only the repository counts. */
  readonly reference: string;
  /** Of its manifest, or of the index that lists it. */
  readonly digest: Digest;
  /** Which member of an index is meant; its first image when absent. */
  readonly platform?: Platform;
}

export type UploadOptions = CallOptions & {
  readonly onProgress?: (detail: string) => void;
  /** Asked when everything is there, right before it gets its tag; at a `false` the tag stays as it is. */
  readonly mayTag?: () => Promise<boolean>;
};

/**
 * Writing into one repository (a registry's or an OCI layout's). Every call is bounded, retried where that can help
 * and idempotent. Failures throw a `PreheatError` of phase `publish`.
 */
export interface Uploader {
  /** Makes the blobs of a base image present, mounting them where source and target share a registry. */
  copyBase(base: BaseImage, options: CallOptions): Promise<Transfer>;
  /** Sends what `tag` means in an OCI layout, blobs first, and tags it; blobs that the target has are not sent. */
  upload(layout: string, tag: string, options: UploadOptions): Promise<Transfer>;
  /** Gives further tags to a manifest of the repository. */
  tag(digest: Digest, tags: readonly string[], options: CallOptions): Promise<void>;
}
