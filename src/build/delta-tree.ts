import type { LaidCheckout } from '../observe/keyframe.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { CarriedPaths } from './carried-paths.ts';
import type { CheckoutEntry, CheckoutRequest } from './source-tree.ts';

/** How the checkout of a commit differs from one that was laid down before; in a temporary folder that goes away with it. */
export interface CheckoutDelta extends AsyncDisposable {
  /** The paths of the earlier checkout, relative to it as all paths here. */
  readonly before: CarriedPaths;
  /** The paths of the checkout once the difference lies upon the earlier one, whose packs stay. */
  readonly after: CarriedPaths;
  /** The files and links that are new or differ, in the order of their paths' bytes. */
  readonly changed: readonly string[];
  /** The folders of `after` in which nothing lies. */
  readonly folders: readonly string[];
  /** The files, links and folders in which nothing lies of `before` that `after` lacks; it may have some of them. */
  readonly gone: readonly string[];
  /** Their entries, in that order. */
  readonly entries: AsyncIterable<CheckoutEntry>;
}

/** Why no difference can be told. */
export interface NoDelta {
  readonly unusable: string;
}

/** Lays commits down as differences from earlier checkouts. */
export interface DeltaTree {
  /**
   * Lays down what the checkout of a commit has other than an earlier one, which was laid in the same mode: for
   * everything else, contents are not even read. What cannot be compared (the earlier commit is not to be had) is
   * answered with the reason; failures throw a `PreheatError` of phase `build`.
   */
  layDelta(
    request: CheckoutRequest,
    earlier: LaidCheckout,
    options: CallOptions,
  ): Promise<CheckoutDelta | NoDelta>;
}
