import type { Writable } from 'node:stream';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { Settings } from './option-table.ts';
import type { Environment } from './read-settings.ts';
import type { StageRecorder } from './stage-recorder.ts';

/** What every command works with. */
export interface Session {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log: Log;
  readonly recorder: StageRecorder;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Aborts when the user or CI ends the run; its reason is what the run fails with. */
  readonly signal: AbortSignal;
  /** Results go here, and only results. */
  readonly stdout: Writable;
  /** Whether a failing task of the user is told as `STOPPED`, which blocks no merge, instead of `FAILED`. */
  readonly tolerateTasks: boolean;
}
