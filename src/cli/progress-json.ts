import type { Writable } from 'node:stream';
import type { Clock } from '../kernel/clock.ts';
import type { ProgressView } from './progress-view.ts';

/**
 * Writes each event as one line of JSON, as `LogEvent` describes it; the result follows as
 * `{"type":"result","at":…,"lines":[…]}`.
 */
export function jsonProgress(stream: Writable, clock: Clock): ProgressView {
  const write = (value: object): void => void stream.write(`${JSON.stringify(value)}\n`);
  return {
    sink: write,
    conclude: (lines) => write({ type: 'result', at: clock.now().getTime(), lines }),
    [Symbol.dispose]: () => {},
  };
}
