import { systemClock } from '../../src/kernel/clock.ts';
import { createLog, type LogEvent } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import type { CommandName } from '../../src/cli/option-table.ts';
import { readSettings, type Environment } from '../../src/cli/read-settings.ts';
import type { Session } from '../../src/cli/session.ts';
import { createStageRecorder } from '../../src/cli/stage-recorder.ts';
import { Captured } from './captured.ts';

export interface SessionChanges {
  readonly command?: CommandName;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  readonly tolerateTasks?: boolean;
}

/** A session as `run` opens it, whose log and results are kept. */
export interface TestSession extends Session {
  readonly events: readonly LogEvent[];
  readonly stdout: Captured;
}

/** Creates a session of `build` in an empty environment. */
export function testSession(changes: SessionChanges = {}): TestSession {
  const { command = 'build', options = {}, environment = {}, tolerateTasks = false } = changes;
  const events: LogEvent[] = [];
  const redactor = createRedactor();
  const recorder = createStageRecorder();
  const sink = (event: LogEvent): void => {
    events.push(event);
    recorder.sink(event);
  };
  return {
    settings: readSettings(command, options, environment),
    environment,
    log: createLog(sink, { clock: systemClock, redactor }),
    recorder,
    redactor,
    clock: systemClock,
    signal: changes.signal ?? new AbortController().signal,
    stdout: new Captured(),
    tolerateTasks,
    events,
  };
}
