import type { FinishedStep } from '../build/run-step.ts';
import type { WorkspaceImage } from '../assemble/workspace-image.ts';
import type { Neighbour } from '../observe/neighbour.ts';
import type { PastRun } from '../oci/past-run.ts';
import type { Publication } from '../publish/publication.ts';
import type { ImageSources } from './image-sources.ts';
import type { BaseProgress } from './plan-on-base.ts';
import type { PlannedPush } from './plan-push.ts';
import type { PushContext, TakenConfig } from './push-context.ts';

/** How far a run came; what it did not reach is absent. */
export interface BuildProgress {
  readonly startedAt: Date;
  readonly context?: PushContext;
  /** The configuration as the commit has it, whichever counts in the end. */
  readonly taken?: TakenConfig;
  readonly base?: BaseProgress;
  readonly push?: PlannedPush;
  readonly finished?: FinishedStep;
  readonly sources?: ImageSources;
  readonly image?: WorkspaceImage;
  readonly publication?: Publication;
  /** Whose image somebody has who opens this one. */
  readonly neighbour?: Neighbour | undefined;
  readonly history?: readonly PastRun[];
  readonly failure?: unknown;
}
