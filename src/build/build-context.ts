import type { CallOptions } from '../oci/content-store.ts';
import type { CheckoutEntry } from './source-tree.ts';

/** One file, folder or link of a build's context; its path is relative to the context. */
export interface ContextFile extends Omit<CheckoutEntry, 'open'> {
  /** Content of a file, which can be asked for as long as the context is there. */
  open(): AsyncIterable<Uint8Array>;
}

export interface BuildContextRequest {
  /** Full object id. */
  readonly commit: string;
  /** Folder of the context in the commit's tree, without a slash at either end; empty for the root. */
  readonly context: string;
  /** Which of its files are laid down: paths below the context, raw bytes as latin1 text. */
  readonly files: readonly string[];
  /** Folders that are there even where no file is, in the same notation. */
  readonly folders: readonly string[];
}

/** The context of a build, in a temporary folder that goes away with it. */
export interface LaidContext extends AsyncDisposable {
  /** The files and folders that were asked for, and the folders that lead to them. */
  readonly files: readonly ContextFile[];
}

/**
 * Lays files of a commit down as `git checkout` does, attributes applied. Failures throw a `PreheatError` of phase
 * `build`.
 */
export interface BuildContext {
  layDown(request: BuildContextRequest, options: CallOptions): Promise<LaidContext>;
}
