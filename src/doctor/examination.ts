import type { MemoryAdvice, MemoryLimit } from '../build/memory-advisor.ts';
import type { PipelinesMemory } from '../config/pipelines-memory.ts';
import type { Platform } from '../oci/platform.ts';
import type { CloneFacts } from './clone-examiner.ts';
import type { ContainerTrial, EngineFacts } from './engine-examiner.ts';
import type { OrasFacts } from './oras-examiner.ts';
import type { MountResult, NamedBase } from './registry-trial.ts';
import type { Tried } from './tried.ts';

/** Engine and memory; what follows an engine that could not be reached is absent. */
export interface EngineExamination {
  readonly wanted: Platform;
  readonly isInPipelines: boolean;
  readonly engine: Tried<EngineFacts>;
  readonly container?: Tried<ContainerTrial>;
}

/** The memory that tasks have, and what a build would tell if it did not suffice. */
export interface MemoryExamination {
  /** Of the engine at hand, outside Pipelines. */
  readonly engine?: { readonly limit: MemoryLimit; readonly advice: MemoryAdvice };
  /**
   * Of the docker service: what was measured in Pipelines, else what `bitbucket-pipelines.yml` says, where the commit has
   * one.
   */
  readonly service?: { readonly memory: PipelinesMemory; readonly advice: MemoryAdvice };
}

export interface CloneExamination {
  readonly git: Tried<string>;
  readonly clone?: Tried<CloneFacts>;
  /** The full id of the commit that a build would take. */
  readonly commit: Tried<string>;
  /** The name of the workspace's configuration in it; absent where there is no commit. */
  readonly config?: Tried<string>;
  /** How many other repositories it names, whose commits could be asked for; absent where it names none. */
  readonly others?: Tried<number>;
}

/** A registry, or the layout on disk that stands in for one. */
export type RegistryExamination =
  | { readonly kind: 'layout'; readonly location: string }
  | {
      readonly kind: 'registry';
      /** `host/path`. */
      readonly location: string;
      readonly tag: string;
      /** Where the credentials come from, never what they are; absent where there are none. */
      readonly credentials: Tried<string | undefined>;
      readonly exists: Tried<boolean>;
      readonly push?: Tried<unknown>;
      readonly pull?: Tried<boolean>;
      readonly base?: NamedBase;
      readonly mount?: Tried<MountResult>;
      readonly referrers?: Tried<boolean>;
      readonly removal?: Tried<unknown>;
    };

/** Bitbucket; what could not be asked for want of a repository or a commit is absent. */
export interface ForgeExamination {
  /** `workspace/slug`; absent where the clone is of no Bitbucket repository. */
  readonly repository: string | undefined;
  /** Which kind of token was given. */
  readonly token: 'access token' | 'API token' | 'app password' | undefined;
  readonly statuses?: Tried<unknown>;
  readonly pullRequests?: Tried<unknown>;
  readonly proxy?: { readonly address: string; readonly reports: Tried<unknown> };
}

/** All that was asked and what came of it, before anything is made of it. */
export interface Examination {
  readonly engine: EngineExamination;
  readonly memory: MemoryExamination;
  readonly clone: CloneExamination;
  readonly oras: Tried<OrasFacts>;
  /** Absent where there is no oras to ask it with. */
  readonly registry?: RegistryExamination;
  readonly forge: ForgeExamination;
}
