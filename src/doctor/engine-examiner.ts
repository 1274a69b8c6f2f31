import type { MemoryLimit } from '../build/memory-advisor.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Platform } from '../oci/platform.ts';

/** What an engine tells of itself. */
export interface EngineFacts {
  /** As people write it, such as `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** `Docker Engine`, or what its components call themselves. */
  readonly product: string;
  readonly version: string;
  readonly platform: Platform;
  readonly storageDriver: string;
  /** Whether images lie in containerd's store. */
  readonly isContainerdStore: boolean;
  readonly hasBuildKit: boolean;
  /** Authorization plugins, which may refuse calls. */
  readonly plugins: readonly string[];
  readonly processors: number;
  /** All memory of its machine, in bytes. */
  readonly memoryBytes: number;
  /** Free disk as the storage driver puts it; overlay2, the usual one, does not tell. */
  readonly freeDisk?: string;
}

/** How to try what a build does with a container. */
export interface ContainerTrialRequest {
  /** A tar of all that the container holds. */
  readonly content: AsyncIterable<Uint8Array>;
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
}

/** What a container showed that was started as a build's. */
export interface ContainerTrial {
  readonly memory: MemoryLimit;
  /** What the engine may not be asked for, with its own words. */
  readonly refusals: readonly { readonly what: string; readonly words: string }[];
}

/** Asks an engine about itself. Failures throw a `PreheatError` of phase `build`. */
export interface EngineExaminer {
  describe(options: CallOptions): Promise<EngineFacts>;
  /** Makes an image and starts a container; both have gone when it returns or throws. */
  tryContainer(request: ContainerTrialRequest, options: CallOptions): Promise<ContainerTrial>;
}
