import { createLog, type Log, type LogEvent } from '../../src/kernel/log.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createRedactor, type Redactor } from '../../src/kernel/redact.ts';

/** A log that only remembers: all events, and the texts among them as lines. */
export interface SilentLog {
  readonly log: Log;
  readonly events: readonly LogEvent[];
  readonly lines: readonly string[];
  readonly redactor: Redactor;
}

/** Creates a log for tests that look at what was said. */
export function silentLog(): SilentLog {
  const events: LogEvent[] = [];
  const lines: string[] = [];
  const redactor = createRedactor();
  const sink = (event: LogEvent): void => {
    events.push(event);
    if (event.type === 'message') lines.push(event.text);
    if (event.type === 'output') lines.push(`[${event.source}] ${event.text}`);
  };
  return { log: createLog(sink, { clock: systemClock, redactor }), events, lines, redactor };
}
