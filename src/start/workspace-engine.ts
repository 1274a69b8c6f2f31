import type { CallOptions } from '../oci/content-store.ts';
import type { DiffId } from '../oci/digest.ts';

/** The engine's images, as the warm start needs them. Failures throw a `PreheatError` of phase `start`. */
export interface WorkspaceImages {
  /** Pulls an image by name (with the credentials of its registry) and returns what to run. */
  pull(
    image: string,
    options: CallOptions & { readonly onProgress: (detail: string) => void },
  ): Promise<string>;
  /** What to run, if the engine already has an image with this ID or name. */
  find(image: string, options: CallOptions): Promise<string | undefined>;
  /** How many of `diffIds`, from the bottom, the engine already has as the bottom of some image. */
  countPresentLayers(diffIds: readonly DiffId[], options: CallOptions): Promise<number>;
  /** Takes a docker-archive (a tar, as `docker load` does) in which layers that the engine has may be absent. */
  load(archive: AsyncIterable<Uint8Array>, options: CallOptions): Promise<void>;
}

export interface WorkspaceSpec {
  /** What the engine knows the image by. */
  readonly image: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly user: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Container ports; each is published on loopback, on the same number if it is free there, else on another. */
  readonly ports: readonly number[];
  /** The variable that tells the workspace of ports on other numbers, as `3000=3001 8080=8081`. */
  readonly portsVariable: string;
  readonly network: string;
}

/** A port of a workspace as the engine's host sees it. */
export interface PublishedPort {
  readonly containerPort: number;
  readonly hostAddress: string;
  readonly hostPort: number;
}

export interface RunningWorkspace {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PublishedPort[];
}

/** The workspaces that run on the engine. Failures throw a `PreheatError` of phase `start`. */
export interface Workspaces {
  /**
   * Creates and starts a container whose main program is `command`; if starting fails nothing stays. Where the name is
   * taken the message says `the name is taken`.
   */
  run(spec: WorkspaceSpec, options: CallOptions): Promise<RunningWorkspace>;
  /**
   * What the workspace's main program prints (both streams), from its beginning, until it ends or the signal
   * aborts.
   */
  output(id: string, options: CallOptions): AsyncIterable<Uint8Array>;
  /** The containers that carry a label (`name=value`), stopped ones too. */
  list(label: string, options: CallOptions): Promise<readonly RunningWorkspace[]>;
  /** Ends a workspace's processes (TERM, then KILL) and removes its container. */
  stop(id: string, options: CallOptions): Promise<void>;
}
