import type { CallOptions } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { ContextFile } from './build-context.ts';

/** An image that a Dockerfile names, pinned: the build must use exactly this one. */
export interface PinnedImage {
  readonly reference: string;
  /** Manifest digest where a registry has it, image ID where only the engine does. */
  readonly digest: string;
  readonly source: 'registry' | 'engine';
}

/** A piece of a Dockerfile: text as it is, or the place of an image's name. */
export type DockerfilePart = string | PinnedImage;

/** What an engine builds a base image from. */
export interface BaseBuildRequest {
  /** Path of the Dockerfile below its context or elsewhere; for messages. */
  readonly file: string;
  readonly dockerfile: readonly DockerfilePart[];
  /** Values for its `ARG`s, in place of their defaults; what it uses of them is in the image's history. */
  readonly args?: Readonly<Record<string, string>>;
  /** The stage that is built; the last one where it is absent. */
  readonly target?: string;
  /** Everything that the build can read; nothing else reaches the engine. */
  readonly context: readonly ContextFile[];
  readonly platform: Platform;
  /** Engine network of `RUN`: `bridge`, `host` or `none`. */
  readonly network: string;
  /** `host:address` entries for /etc/hosts. */
  readonly extraHosts?: readonly string[];
  /** `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in capitals; they leave no trace in the image. */
  readonly proxies?: Readonly<Record<string, string>>;
  /** By which a later run recognises what a killed one left on the engine; never in the image itself. */
  readonly labels: Readonly<Record<string, string>>;
}

/** An image that an engine has built; disposing of it takes it away again. */
export interface BuiltImage extends AsyncDisposable {
  readonly id: Digest;
}

export type BaseBuildOutcome =
  | { readonly kind: 'built'; readonly image: BuiltImage }
  | {
      /** The Dockerfile itself cannot be built: a command failed, a file is not there, it says what is not understood. */
      readonly kind: 'failed';
      /** The instruction at which it failed, its variables replaced; absent where none had begun. */
      readonly instruction?: string;
      /** What the builder says, on one line. */
      readonly reason: string;
      /** Exit code of a failed `RUN`. */
      readonly exitCode?: number;
      readonly outOfMemory: boolean;
      /** The last lines that the failed instruction printed. */
      readonly output: readonly string[];
    };

export interface BaseBuildOptions extends CallOptions {
  /** What the build is doing now, in a few words. */
  readonly onProgress: (detail: string) => void;
  /** One line that the builder or a command in it printed. */
  readonly onOutput: (line: string) => void;
}

/**
 * Builds images from Dockerfiles. Failures of the engine or of pulling an image throw a `PreheatError` of phase
 * `build`; when the signal aborts, the build ends on the engine too.
 */
export interface BaseBuilder {
  build(request: BaseBuildRequest, options: BaseBuildOptions): Promise<BaseBuildOutcome>;
  /** Removes the images of runs that are dead, as `isDead` judges by their labels; returns how many names went. */
  sweep(isDead: (labels: Readonly<Record<string, string>>) => boolean, options: CallOptions): Promise<number>;
}
