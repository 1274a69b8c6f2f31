import type { Digest } from '../oci/digest.ts';
import type { KnownTag } from '../oci/known-tag.ts';

/** A blob, or a manifest, as far as its room counts. */
export interface StoredBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** A run of a step, as a hint lists it. */
export interface StockedRun {
  /** Forty hex digits of its content key. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
}

/** What a manifest holds, by its own contents: a tag may promise what it likes. Times are milliseconds since the epoch. */
export type StockedContent =
  | {
      readonly kind: 'image';
      readonly commit: string | undefined;
      /** Forty hex digits of the content key of the step that ran its tasks. */
      readonly stepKey: string | undefined;
      /** Of its base's manifest; the image ID of a base that only an engine had. */
      readonly baseDigest: string | undefined;
      /** Address of the repository that it was made from. */
      readonly source: string | undefined;
    }
  | { readonly kind: 'report'; readonly finishedAt: number | undefined }
  | { readonly kind: 'hint'; readonly runs: readonly StockedRun[] }
  | { readonly kind: 'record'; readonly recordedAt: number }
  | { readonly kind: 'keyframe' }
  | { readonly kind: 'base'; readonly madeAt: number | undefined }
  | { readonly kind: 'pins'; readonly digests: readonly Digest[] }
  | { readonly kind: 'cache' }
  /** The list of what refers to an image, where a registry has no API for it: reports, and what others have attached. */
  | {
      readonly kind: 'referrers';
      readonly reports: readonly Digest[];
      readonly members: readonly Digest[];
    }
  /** Not preheat's, or nothing that this version reads; `members` are the manifests that an index lists. */
  | { readonly kind: 'foreign'; readonly members: readonly Digest[] };

export interface StockedTag {
  readonly name: string;
  /** What its form says; `undefined` for a foreign one. */
  readonly known: KnownTag | undefined;
}

/** A manifest with all of its tags. */
export interface StockedManifest extends StoredBlob {
  readonly content: StockedContent;
  /** Config and layers. */
  readonly blobs: readonly StoredBlob[];
  readonly tags: readonly StockedTag[];
}

/** All that is tagged in a repository of workspace images. */
export type Stock = readonly StockedManifest[];
