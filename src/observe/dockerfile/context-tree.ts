import type { CallOptions } from '../../oci/content-store.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';

/** A file, link or submodule in the tree of a commit, or a folder of which an ignore file leaves nothing else. */
export interface ContextEntry {
  /** Below the context, without a leading slash, raw bytes as latin1 text. */
  readonly path: string;
  /** As in a tree: 0o100644, 0o100755, 0o120000 (symlink), 0o160000 (submodule) or 0o040000 (folder). */
  readonly mode: number;
  /** Object id; the commit of a submodule; empty for a folder. */
  readonly id: string;
}

/** Reading a build's context from a commit. Failures throw a `PreheatError` of phase `observe`. */
export interface ContextTree {
  /**
   * A file of the commit as UTF-8 text, links within the commit followed; `undefined` where there is none, or where a
   * link leads out of it. Other text throws a `PreheatError` (config): its bytes would be lost.
   */
  readText(commit: string, path: string, options: CallOptions): Promise<string | undefined>;
  /** Everything below a folder of the commit but folders, in no order; `undefined` where it has no such folder. */
  list(commit: string, folder: string, options: CallOptions): Promise<readonly ContextEntry[] | undefined>;
  /** Everything in the commit but folders; a commit is listed once, however often it is asked for. */
  listAll(commit: string, options: CallOptions): Promise<TreeListing>;
  /**
   * The attributes that change what a checkout lays (text, eol, ident, filter, encoding), in effect for these paths of
   * the commit; paths without any are left out. Equal texts mean equal attributes.
   */
  attributes(
    commit: string,
    paths: readonly string[],
    options: CallOptions,
  ): Promise<ReadonlyMap<string, string>>;
  /** Where the link leads that is kept in an object of this id; raw bytes as latin1 text. */
  readLink(id: string, options: CallOptions): Promise<string>;
}
