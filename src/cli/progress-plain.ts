import type { Writable } from 'node:stream';
import { durationText } from '../kernel/amounts.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LogEvent } from '../kernel/log.ts';
import { runningAfter, type RunningStep, type RunningSteps } from './progress-running.ts';
import {
  endedStepText,
  messageText,
  outputText,
  plainText,
  resultText,
  type Paint,
} from './progress-text.ts';
import { createTicker } from './progress-ticker.ts';
import type { ProgressView } from './progress-view.ts';

const NOTICE_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Writes one line for each thing that happens, as a CI log wants it: `12.3s ✔ publish: 3 blobs (1.2 s)`, with the time
 * since the view was made in front, and `[build] …` for what a task printed. A step says what it is doing every 10 s.
 */
export function plainProgress(
  stream: Writable,
  { clock, paint }: { readonly clock: Clock; readonly paint: Paint },
): ProgressView {
  const startedAt = clock.now().getTime();
  let running: RunningSteps = new Map();
  let lookedAt = startedAt;
  const write = (at: number, line: string): void => {
    const time = `${((at - startedAt) / 1000).toFixed(1)}s`.padStart(7);
    stream.write(`${paint('dim', time)} ${line}\n`);
  };
  const ticker = createTicker(clock, LOOK_EVERY_MS, () => {
    const now = clock.now().getTime();
    for (const step of running.values())
      if (isNoticeDue(step, lookedAt, now)) write(now, noticeText(step, now));
    lookedAt = now;
  });
  return {
    sink(event) {
      running = runningAfter(running, event);
      if (running.size > 0) ticker.start();
      else ticker.stop();
      if (event.type === 'output') stream.write(`${outputText(event.source, event.text, paint)}\n`);
      const line = lineOf(event, paint);
      if (line !== undefined) write(event.at, line);
    },
    conclude: (lines) => void stream.write(lines.map((line) => `${resultText(line, paint)}\n`).join('')),
    [Symbol.dispose]: () => ticker[Symbol.dispose](),
  };
}

function lineOf(event: LogEvent, paint: Paint): string | undefined {
  if (event.type === 'step-end') return endedStepText(event, paint);
  return event.type === 'message' ? messageText(event.level, event.text, paint) : undefined;
}

/** Whether a full 10 s of the step's life lie between two looks. */
function isNoticeDue({ startedAt }: RunningStep, before: number, now: number): boolean {
  const passed = (at: number): number => Math.floor(Math.max(at - startedAt, 0) / NOTICE_EVERY_MS);
  return passed(now) > passed(before);
}

function noticeText({ name, detail, startedAt }: RunningStep, now: number): string {
  return `… ${plainText(detail === '' ? name : `${name}: ${detail}`)} (${durationText(now - startedAt)})`;
}
