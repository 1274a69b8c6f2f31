import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { Owner } from '../observe/step-record.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import type { DownloadRequest } from './downloads/download-request.ts';
import type { Engine } from './engine.ts';
import type { MemoryAdvisor } from './memory-advisor.ts';
import type { PlacedFile } from './placed-file.ts';
import type { SourceLayer } from './source-layer.ts';
import type { RunIdentity } from './sweep.ts';
import type { OutsideAccess } from './task-environment.ts';
import type { TimeLimits } from './time-limits.ts';
import type { Toolbox } from './toolbox.ts';

/** All that a step's run depends on. */
export interface StepRequest {
  /** Name of the step, as the result carries it. */
  readonly step: string;
  readonly run: RunIdentity;
  readonly config: WorkspaceConfig;
  readonly base: Parameters<Engine['provideImage']>[0];
  /** Whom configuration and base name, as `User` of an image's config; empty is root. */
  readonly configuredUser: string;
  readonly platform: Platform;
  /** Engine network in which tasks run. */
  readonly network: string;
  readonly extraHosts?: readonly string[];
  /** Bytes of memory that the container gets at most; the engine's own limit when absent. */
  readonly memoryLimit?: number;
  /** Certificate authorities, proxies and secrets for the tasks; they leave no trace in a layer. */
  readonly access: OutsideAccess;
  /** What is kept of what package managers download; nothing when absent. */
  readonly downloads?: DownloadRequest | undefined;
  /** Whether any command that fails ends its task. */
  readonly strictTasks?: boolean;
  readonly limits?: TimeLimits;
  /** What `image/` puts into workspace images. */
  readonly runtimeFiles: readonly PlacedFile[];
  /** Begins to make what will be asked for in all likelihood; called once an engine is at work on the base. */
  beginSources?(): void;
  /** Makes the source layer: for the user that the image turned out to have, or whom the tasks gave the checkout to. */
  makeSource(owner: Owner): Promise<SourceLayer>;
  /** Makes the source layers of the repositories beside the pushed one, lowest first; by default there are none. */
  makeBeside?(owner: Owner): Promise<readonly SourceLayer[]>;
}

export interface StepPorts {
  readonly engine: Engine;
  readonly toolbox: Toolbox;
  readonly memoryAdvisor: MemoryAdvisor;
  readonly staging: Staging;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly clock: Clock;
}
