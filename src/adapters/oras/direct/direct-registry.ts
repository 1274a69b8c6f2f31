import type { Digest } from '../../../oci/digest.ts';
import type { CallOptions } from '../../../oci/content-store.ts';

/** What a registry can be asked with one request (distribution-spec, "Endpoints"). */
export interface RegistryQuestion {
  /** `host[:port]`, `docker.io` for Docker Hub. */
  readonly registry: string;
  readonly repository: string;
  readonly wanted: Wanted;
}

export type Wanted =
  | {
      readonly kind: 'manifest' | 'blob';
      /** A tag, or a digest. */
      readonly reference: string;
      /** The bytes, or their descriptor alone. */
      readonly of: 'content' | 'descriptor';
    }
  /** The names of all tags, a line for each; a long list comes in several answers. */
  | { readonly kind: 'tags' };

/** What came of a question. */
export type RegistryAnswer =
  | { readonly kind: 'found'; readonly content: Uint8Array }
  /** The registry says that there is none. */
  | { readonly kind: 'absent' }
  /** Anything but a plain answer; nothing is known. */
  | { readonly kind: 'unsettled'; readonly why: string };

/** Tags that a manifest is to have. */
export interface Tagging {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

/** An image that lies in an OCI layout and is to be in a registry. */
export interface Pushing {
  readonly registry: string;
  readonly repository: string;
  /** The path of the layout. */
  readonly layout: string;
  /** Of its manifest. */
  readonly digest: Digest;
  /** The tag that it gets; none where absent. */
  readonly tag?: string;
  /** Gets a line for each blob that was sent, as oras prints it. */
  readonly onLine: (line: string) => void;
}

/** Speaks to registries. All throw the signal's reason when it aborts, and what the source of credentials throws. */
export interface DirectRegistry {
  ask(question: RegistryQuestion, options: CallOptions): Promise<RegistryAnswer>;
  /** Gives a manifest its tags, or moves them to it. The answer are its bytes, once it has them all. */
  tag(tagging: Tagging, options: CallOptions): Promise<RegistryAnswer>;
  /** Sends what a registry lacks of a small image. The answer are the bytes of its manifest, once all is there. */
  push(pushing: Pushing, options: CallOptions): Promise<RegistryAnswer>;
}

export function unsettled(why: string): Extract<RegistryAnswer, { readonly kind: 'unsettled' }> {
  return { kind: 'unsettled', why };
}
