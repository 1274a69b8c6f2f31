import type { CallOptions } from '../oci/content-store.ts';
import type { MemoryLimit } from './memory-advisor.ts';
import type { Platform } from '../oci/platform.ts';

/** How to make a container for a run of tasks. It has no mounts, no privileges and no added capabilities. */
export interface ContainerSpec {
  /** What the engine knows the base by: an image ID, or `name@digest`. */
  readonly image: string;
  /** Main program; it must do nothing but wait, since tasks are executed beside it. */
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Engine network to join, such as `bridge` or `host`. */
  readonly network: string;
  /** `host:address` entries for /etc/hosts. */
  readonly extraHosts?: readonly string[];
  /**
   * Most memory in bytes, swap included, that everything in it may use together; the engine's own limit when
   * absent.
   */
  readonly memoryLimit?: number;
}

export interface ExecSpec {
  readonly command: readonly string[];
  /** A name or `uid:gid`; the image's own user when absent. */
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A program that runs in a container, its standard input `/dev/null`. Both streams must be read, at the same time; an
 * early `break` out of one throws its rest away. They end when the program and what it started have closed them, but
 * no later than some seconds after the program's own end: what it left running does not hold them open.
 * When the signal aborts, streams and exit code reject at once; the program itself ends with its container.
 */
export interface Execution {
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /**
   * The exit code, once both streams have ended; 126 or 127 when the program could not be started (stdout says
   * why).
   */
  readonly exitCode: Promise<number>;
}

/** What lies at a path of a container. */
export type Sight =
  | { readonly kind: 'file' }
  /** `target` is absolute, every link on the way followed. */
  | { readonly kind: 'link'; readonly target: string }
  /**
   * `mode` has the permission bits with setuid, setgid and sticky; `first` is the name of anything that it holds, for
   * messages, absent in an empty one.
   */
  | { readonly kind: 'folder'; readonly mode: number; readonly first?: string };

/** What is known of a container's memory. */
export interface ContainerMemory {
  readonly killed: boolean;
  readonly limit: MemoryLimit;
}

/**
 * A container that is removed, with everything that runs in it, when it is disposed of; that it cannot be removed is
 * told, not thrown.
 */
export interface Container extends AsyncDisposable {
  readonly id: string;
  /** Unpacks a tar (plain or gzip) at `/`, keeping owners, modes and times. Works before {@link start} too. */
  put(tar: AsyncIterable<Uint8Array>, options: CallOptions): Promise<void>;
  /** One regular file's content (links are followed inside the container); `undefined` when there is none. */
  readFile(path: string, options: CallOptions): Promise<Uint8Array | undefined>;
  /** What lies at a path, `undefined` for nothing. Its last name is not followed if it is a link. Works as `readFile`. */
  look(path: string, options: CallOptions): Promise<Sight | undefined>;
  /**
   * The folders (absolute) over which the engine mounts volumes that the image declares, as the image names them. Works
   * before {@link start} too.
   */
  volumes(options: CallOptions): Promise<readonly string[]>;
  start(options: CallOptions): Promise<void>;
  exec(spec: ExecSpec, options: CallOptions): Promise<Execution>;
  /**
   * Whether the kernel killed something in it for want of memory, since it was started, and the least limit that can be
   * seen.
   */
  memory(options: CallOptions): Promise<ContainerMemory>;
}

/** An image by name and pinned digest, which for an index leaves open which member is meant. */
export interface EngineImage {
  readonly reference: string;
  readonly digest: string;
  readonly source: 'registry' | 'engine';
  /** Which member of an index to pull; the engine's own choice when absent. */
  readonly platform?: Platform;
  /** The layers that it must have, bottom to top; any when absent. */
  readonly diffIds?: readonly string[];
}

/**
 * What runs containers: Docker Engine or what speaks its API. Failures throw a `PreheatError` of phase `build` with
 * code `engine`, or `not-found` for an image that cannot be had.
 */
export interface Engine {
  /**
   * Makes sure that the engine has `image`, pulling it if need be; returns what to put into {@link ContainerSpec}. Throws
   * for an image of other layers than `diffIds`: what runs in it would not fit the base that it is stacked on.
   */
  provideImage(
    image: EngineImage,
    options: CallOptions & { readonly onProgress: (detail: string) => void },
  ): Promise<string>;
  createContainer(spec: ContainerSpec, options: CallOptions): Promise<Container>;
  /** Removes the containers of runs that are dead, as `isDead` judges by their labels; returns how many. */
  sweep(isDead: (labels: Readonly<Record<string, string>>) => boolean, options: CallOptions): Promise<number>;
}
