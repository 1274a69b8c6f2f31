import type { DownloadCache, ToolDownloads } from '../../observe/download-cache.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import type { CacheTool, Variables } from './cache-tools.ts';

/** What a step is to do about downloads, and where those of earlier runs are. */
export interface DownloadRequest {
  readonly tools: readonly CacheTool[];
  /** The most bytes of files that are kept of one tool. */
  readonly limit: number;
  /** What the base image sets. */
  readonly imageVariables: Variables;
  readonly source: DownloadSource;
}

/** Where the downloads of earlier runs are. Nothing is asked before a step has something to run. */
export interface DownloadSource {
  /** The nearest ones that this run may read. What cannot be read is told by one line and counts as none. */
  find(options: CallOptions): Promise<DownloadCache | undefined>;
  /** Brings a layer of them into the run's staging; `false` where it has gone. Throws a `PreheatError`. */
  fetch(layer: Descriptor, options: CallOptions): Promise<boolean>;
}

/** What a run leaves for later ones. */
export interface KeptDownloads {
  /** All that is to be kept, of whichever run; its layers are in the run's staging. */
  readonly tools: readonly ToolDownloads[];
  /** What is new in them, for people; nothing is to be written where nothing is. */
  readonly news: readonly string[];
}
