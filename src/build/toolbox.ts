import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';

/**
 * The programs that preheat runs inside task containers: GNU tar, GNU find, cat and sleep, with their own dynamic
 * loader
 * and libraries, so that any image serves; and `wait`, which needs neither and does nothing until it is ended.
 * They lie below {@link TOOLBOX_ROOT}, which never enters a layer.
 */
export interface Toolbox {
  /** A tar that unpacks at `/`. Throws a `PreheatError` of phase `build` where the platform is not served. */
  pack(platform: Platform, options: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** The words that run one of the tools, to be followed by its arguments. */
  command(tool: Tool): readonly string[];
}

/** A program of the toolbox. */
export type Tool = 'tar' | 'find' | 'cat' | 'sleep' | 'wait';

/** Folder of everything that a run puts into a container beside the image's own content. */
export const TOOLBOX_ROOT = '/run/preheat';

/** A folder of the toolbox that holds nothing but the file `last`: who lists it last knows that a listing is whole. */
export const LISTED_LAST = `${TOOLBOX_ROOT}/end`;
