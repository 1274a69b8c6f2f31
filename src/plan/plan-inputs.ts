import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { PushEvent } from '../event/push-event.ts';
import type { BaseFacts, CommitFacts, DeclaredAnswers } from '../observe/facts.ts';
import type { LayingMode } from '../observe/keyframe.ts';
import type { RepositoryFacts } from '../observe/repository-facts.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** What the user and this version of preheat add to an event and a configuration. */
export interface PlanSettings {
  readonly protectedBranches: readonly string[];
  /** Digest over the files of the runtime layer. */
  readonly runtimeDigest: Digest;
  /** Names of the secrets that tasks get, sorted. */
  readonly taskSecrets?: readonly string[];
  /** Engine network in which tasks run; absent for the usual one. */
  readonly network?: string;
  /** How many commits of history a checkout gets at most, and what else is laid of it. */
  readonly historyDepth: number;
  readonly laying: LayingMode;
  /** Present where any command that fails ends its task. */
  readonly strictTasks?: true;
  /** Version of how images are put together. */
  readonly assemblyVersion: number;
}

/** Everything that a plan rests on apart from `Facts`. */
export interface PlanInputs {
  readonly event: PushEvent;
  readonly config: WorkspaceConfig;
  readonly settings: PlanSettings;
}

/** The facts that the keys need: known before any record has been read. */
export interface SourceFacts {
  readonly commit: CommitFacts;
  readonly base: BaseFacts;
  readonly platform: Platform;
  /** The repositories that lie beside the pushed one. */
  readonly repositories?: readonly RepositoryFacts[] | undefined;
  /** Absent where the step's inputs are the whole tree. */
  readonly declared?: DeclaredAnswers | undefined;
}
