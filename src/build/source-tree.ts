import type { CallOptions } from '../oci/content-store.ts';
import type { PushedRef } from '../event/push-event.ts';
import type { LaidCheckout } from '../observe/keyframe.ts';

export interface CheckoutRequest {
  readonly commit: string;
  readonly ref: PushedRef;
  readonly remoteUrl: string | undefined;
  /** How many commits of history the checkout gets at most. */
  readonly historyDepth: number;
  /** Settings for its `.git/config`, by git's names; nothing that is run to lay it down follows them. */
  readonly gitConfig?: Readonly<Record<string, string>>;
}

/** One entry of a checkout, in the order of its path's bytes; folders come before what they hold. */
export interface CheckoutEntry {
  /** Relative to the checkout, without a leading slash, in raw bytes as latin1 text (git paths need not be UTF-8). */
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'symlink';
  readonly executable: boolean;
  /** Bytes of a file. */
  readonly size: number;
  /** Target of a symlink, raw bytes as latin1 text. */
  readonly target?: string;
  /**
   * Content of a file, readable once, and only until the next entry is asked for; each piece too is to be used or copied
   * before the next.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** A checkout of one commit together with its `.git`, in a temporary folder that goes away with it. */
export interface Checkout extends AsyncDisposable {
  readonly entries: AsyncIterable<CheckoutEntry>;
  /** What later differences from it need to know of it; to be asked for before the entries are read. */
  record(options: CallOptions): Promise<LaidCheckout>;
}

/** Lays a commit down as `git checkout` does. Failures throw a `PreheatError` of phase `build`. */
export interface SourceTree {
  layDown(request: CheckoutRequest, options: CallOptions): Promise<Checkout>;
}
