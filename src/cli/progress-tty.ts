import type { Clock } from '../kernel/clock.ts';
import type { LogEvent } from '../kernel/log.ts';
import { createLiveRegion, sizeOf, type Terminal } from './progress-region.ts';
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
import { cutToWidth, displayWidth } from './progress-width.ts';

const FRAME_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const MOST_HELD_LINES = 500;

/**
 * A live view for a terminal: what is running stands at the bottom, each step with its time and what it does; steps
 * that ended, messages and the output of tasks scroll away above. Ten frames a second are drawn while a step runs.
 */
export function ttyProgress(
  terminal: Terminal,
  { clock, paint }: { readonly clock: Clock; readonly paint: Paint },
): ProgressView {
  const region = createLiveRegion(terminal);
  let running: RunningSteps = new Map();
  let held: string[] = [];
  const draw = (): void => {
    const above = held;
    held = [];
    region.draw(above, runningLines([...running.values()], { now: clock.now().getTime(), terminal, paint }));
  };
  const ticker = createTicker(clock, FRAME_MS, draw);
  terminal.on('resize', draw);
  return {
    sink(event) {
      running = runningAfter(running, event);
      held.push(...linesFor(event, paint));
      if (running.size > 0) ticker.start();
      else ticker.stop();
      // A frame soon takes what tasks print in bursts; the rest is shown at once.
      if (running.size === 0 || isUrgent(event) || held.length > MOST_HELD_LINES) draw();
    },
    conclude(lines) {
      held.push(...lines.map((line) => resultText(line, paint)));
      draw();
    },
    [Symbol.dispose]() {
      ticker[Symbol.dispose]();
      terminal.off('resize', draw);
      running = new Map();
      draw();
      region[Symbol.dispose]();
    },
  };
}

function isUrgent(event: LogEvent): boolean {
  return event.type !== 'output' && event.type !== 'step-progress';
}

function linesFor(event: LogEvent, paint: Paint): readonly string[] {
  switch (event.type) {
    case 'message':
      return [messageText(event.level, event.text, paint)];
    case 'output':
      return [outputText(event.source, event.text, paint)];
    case 'step-end':
      return [endedStepText(event, paint)];
    case 'step-start':
    case 'step-progress':
    default:
      return [];
  }
}

interface Frame {
  readonly now: number;
  readonly terminal: Terminal;
  readonly paint: Paint;
}

/**
 * One line a step; those that do not fit above the last row are counted in one line, since what scrolled off
 * cannot be overwritten.
 */
function runningLines(steps: readonly RunningStep[], frame: Frame): readonly string[] {
  const { columns, rows } = sizeOf(frame.terminal);
  const most = Math.max(rows - 1, 1);
  const shown = steps.length > most ? steps.slice(0, most - 1) : steps;
  const more =
    shown.length < steps.length ? [cutToWidth(`… and ${steps.length - shown.length} more`, columns - 1)] : [];
  return [...shown.map((step) => runningLine(step, frame, columns)), ...more];
}

/** `⠹ build 12s installing`, cut to one column less than the terminal has, since a full line wraps in some. */
function runningLine(
  { name, startedAt, detail }: RunningStep,
  { now, paint }: Frame,
  columns: number,
): string {
  const elapsed = Math.max(now - startedAt, 0);
  const spinner = SPINNER[Math.floor(elapsed / FRAME_MS) % SPINNER.length] ?? SPINNER[0];
  const room = columns - 1;
  const head = cutToWidth(`${spinner} ${plainText(name)} ${Math.floor(elapsed / 1000)}s`, room);
  const tail = cutToWidth(
    detail === '' ? '' : ` ${plainText(detail)}`,
    Math.max(room - displayWidth(head), 0),
  );
  return `${paint('cyan', head)}${paint('dim', tail)}`;
}
