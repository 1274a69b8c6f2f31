import type { LogEvent } from '../kernel/log.ts';

/** A step that has started and not ended. */
export interface RunningStep {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What it does right now; empty until it says so. */
  readonly detail: string;
}

/** The running steps by id, in the order in which they started. */
export type RunningSteps = ReadonlyMap<number, RunningStep>;

/** The running steps after `event`. */
export function runningAfter(running: RunningSteps, event: LogEvent): RunningSteps {
  switch (event.type) {
    case 'step-start': {
      const { id, name, at } = event;
      return new Map([...running, [id, { id, name, startedAt: at, detail: '' }]]);
    }
    case 'step-progress': {
      const step = running.get(event.id);
      return step === undefined
        ? running
        : new Map([...running, [event.id, { ...step, detail: event.detail }]]);
    }
    case 'step-end':
      return new Map([...running].filter(([id]) => id !== event.id));
    case 'message':
    case 'output':
    default:
      return running;
  }
}
