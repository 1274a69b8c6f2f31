import type { Remedy } from '../kernel/remedy.ts';
import type { CallOptions } from '../oci/content-store.ts';

/** The least limit, in bytes, that holds for the memory of a container, and what it is the limit of. */
export interface MemoryLimit {
  readonly bytes: number;
  /** `group`: of a control group above the container, as that of a Docker in Docker; `machine`: there is no other. */
  readonly of: 'container' | 'group' | 'machine';
}

/** What uses memory: `tasks` where none has run yet. */
export type WhatRuns = 'task' | 'tasks' | 'Dockerfile';

/** What is told of memory that did not suffice. */
export interface MemoryAdvice {
  /** What had how much, behind a colon: `the docker service has 1024 MB`. */
  readonly had: string;
  /** One sentence that starts with a verb. */
  readonly hint: string;
  readonly remedy?: Remedy;
}

/** Knows where the memory of tasks comes from. Never fails: what it cannot learn it leaves out. */
export interface MemoryAdvisor {
  /** `what` ran out of memory under `limit`, which is absent where nothing could be measured. */
  advise(what: WhatRuns, limit: MemoryLimit | undefined, options: CallOptions): Promise<MemoryAdvice>;
}
