import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLog, type Log, type LogEvent, type StepLog } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import { createPaint } from '../../src/cli/progress-text.ts';
import { ttyProgress } from '../../src/cli/progress-tty.ts';
import type { ProgressView } from '../../src/cli/progress-view.ts';
import { Captured } from './captured.ts';
import { Screen } from './screen.ts';
import { createTickingClock, type TickingClock } from './ticking-clock.ts';
import { runs } from '../support/runs.ts';

interface Stage {
  readonly screen: Screen;
  readonly clock: TickingClock;
  readonly view: ProgressView;
  readonly log: Log;
}

function setUp(columns = 60, rows = 24, colour = false): Stage {
  const screen = new Screen(columns, rows);
  const clock = createTickingClock();
  const view = ttyProgress(screen, { clock, paint: createPaint(colour) });
  return { screen, clock, view, log: createLog(view.sink, { clock, redactor: createRedactor() }) };
}

/** Starts a step that runs until it is told to end. */
function running(log: Log, name: string): { readonly step: StepLog; readonly end: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let held: StepLog | undefined;
  const done = log.step(name, async (step) => {
    held = step;
    await promise;
  });
  assert.ok(held);
  return {
    step: held,
    end: async () => {
      resolve();
      await done;
    },
  };
}

describe('live progress', () => {
  it('shows a running step with its time and detail, and leaves one line when it ends', async () => {
    const { screen, clock, view, log } = setUp();
    using _view = view;
    const { step, end } = running(log, 'base image');
    step.progress('pulling 45 MB of 141 MB');
    await clock.advance(12_300);
    assert.deepEqual(screen.lines, ['⠸ base image 12s pulling 45 MB of 141 MB']);
    assert.equal(screen.cursorVisible, false);
    step.conclude('node:24-bookworm');
    await end();
    assert.deepEqual(screen.lines, ['✔ base image: node:24-bookworm (12 s)']);
    assert.equal(screen.cursorVisible, true);
    assert.equal(clock.sleepers, 0);
  });

  it('lets messages and the output of tasks scroll above what runs', async () => {
    const { screen, clock, view, log } = setUp();
    using _view = view;
    log.info('building a1b2c3');
    const first = running(log, 'tasks');
    const second = running(log, 'trace');
    log.output('build', 'added 57 packages\tin 2s');
    log.output('build', '\u001B[32mok\u001B[39m\u001B[2K\u0007');
    log.warn('no network\nretrying');
    await clock.advance(100);
    assert.deepEqual(screen.lines, [
      'ℹ building a1b2c3',
      '[build] added 57 packages  in 2s',
      '[build] ok',
      '⚠ no network',
      '  retrying',
      '⠙ tasks 0s',
      '⠙ trace 0s',
    ]);
    await first.end();
    second.step.conclude('not needed', 'reused');
    await second.end();
    view.conclude(['✔ a1b2c3 is warm', '  time 1 s']);
    assert.deepEqual(screen.lines.slice(-4), [
      '✔ tasks (0.1 s)',
      '↺ trace: not needed (0.1 s)',
      '✔ a1b2c3 is warm',
      '  time 1 s',
    ]);
  });

  it('shows a step that throws as failed', async () => {
    const { screen, view, log } = setUp();
    using _view = view;
    await assert.rejects(log.step('publish', () => Promise.reject(new Error('no space'))));
    assert.deepEqual(screen.lines, ['✖ publish: no space (0.0 s)']);
  });

  it('cuts running lines to a narrow terminal, wide characters counted as two', async () => {
    const { screen, clock, view, log } = setUp(16);
    using _view = view;
    const { step, end } = running(log, 'tasks');
    step.progress('installing dependencies');
    await clock.advance(100);
    assert.deepEqual(screen.lines, ['⠙ tasks 0s ins…']);
    step.progress('漢字漢字漢字');
    await clock.advance(100);
    assert.deepEqual(screen.lines, ['⠹ tasks 0s 漢…']);
    await end();
  });

  it('overwrites what a narrower terminal has wrapped', async () => {
    const { screen, clock, view, log } = setUp(60);
    using _view = view;
    log.info('before');
    const { step, end } = running(log, 'tasks');
    step.progress('a detail that is about forty columns wide');
    await clock.advance(100);
    screen.resize(20);
    assert.deepEqual(screen.lines, ['ℹ before', '⠙ tasks 0s a detai…']);
    await end();
    assert.deepEqual(screen.lines, ['ℹ before', '✔ tasks (0.1 s)']);
  });

  it('never draws more rows than the terminal has', async () => {
    const { screen, clock, view, log } = setUp(40, 4);
    using _view = view;
    const steps = ['a', 'b', 'c', 'd', 'e'].map((name) => running(log, name));
    await clock.advance(100);
    assert.deepEqual(screen.lines, ['⠙ a 0s', '⠙ b 0s', '… and 3 more']);
    for (const { end } of steps) await end();
    assert.deepEqual(
      screen.lines,
      ['a', 'b', 'c', 'd', 'e'].map((name) => `✔ ${name} (0.1 s)`),
    );
  });

  it('draws a burst of output in a few writes, each a whole frame', async () => {
    const { screen, clock, view, log } = setUp();
    using _view = view;
    const { end } = running(log, 'tasks');
    for (let line = 0; line < 400; line++) log.output('build', `line ${line}`);
    await clock.advance(100);
    await end();
    assert.ok(screen.writes.length < 10, `${screen.writes.length} writes`);
    assert.ok(
      screen.writes.every((text) => text.startsWith('\u001B[?2026h') && text.endsWith('\u001B[?2026l')),
    );
    assert.equal(screen.lines.length, 401);
  });

  it('draws in a terminal that does not know its size', async () => {
    const terminal = Object.assign(new Captured(), { columns: 0, rows: 0 });
    const clock = createTickingClock();
    using view = ttyProgress(terminal, { clock, paint: createPaint(false) });
    view.sink({ type: 'step-start', at: 0, id: 1, name: 'tasks' });
    await clock.advance(100);
    assert.ok(
      terminal.text.endsWith('\u001B[1A\r⠙ tasks 0s\u001B[K\n\u001B[J\u001B[?2026l'),
      JSON.stringify(terminal.text),
    );
  });

  it('leaves a usable terminal when it is disposed in the middle', async () => {
    const { screen, clock, view, log } = setUp();
    const { end } = running(log, 'tasks');
    log.output('build', 'last words');
    assert.equal(screen.cursorVisible, false);
    view[Symbol.dispose]();
    assert.deepEqual(screen.lines, ['[build] last words']);
    assert.equal(screen.cursorVisible, true);
    assert.equal(clock.sleepers, 0);
    assert.equal(screen.listenerCount('resize'), 0);
    await end();
  });

  it('colours only where it is asked to', async () => {
    const plain = setUp();
    const coloured = setUp(60, 24, true);
    for (const { view, log } of [plain, coloured]) {
      using _view = view;
      log.error('broken');
    }
    assert.deepEqual(plain.screen.lines, coloured.screen.lines);
    assert.ok(!plain.screen.writes.join('').includes('\u001B[31m'));
    assert.ok(coloured.screen.writes.join('').includes('\u001B[31m'));
  });

  it('shows everything that stays in order, whatever happens in between', async () => {
    await fc.assert(fc.asyncProperty(fc.array(happening, { maxLength: 40 }), survives), {
      numRuns: runs(60),
    });
  });
});

type Happening =
  | { readonly do: 'start' | 'end' | 'output' | 'warn' | 'progress'; readonly text: string }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'resize'; readonly columns: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    do: fc.constantFrom('start', 'end', 'output', 'warn', 'progress'),
    text: fc.string({ minLength: 1, maxLength: 50, unit: fc.constantFrom('a', 'b', ' ', '-') }),
  }),
  fc.record({ do: fc.constant('wait'), milliseconds: fc.integer({ min: 1, max: 15_000 }) }),
  fc.record({ do: fc.constant('resize'), columns: fc.integer({ min: 20, max: 70 }) }),
);

/** Plays events and compares what the screen holds with the lines that must stay, joined so that wraps do not count. */
async function survives(happenings: readonly Happening[]): Promise<void> {
  const { screen, clock, view } = setUp(70, 200);
  const expected: string[] = [];
  const started: number[] = [];
  const tell = (event: LogEvent): void => view.sink(event);
  for (const [id, what] of happenings.entries()) {
    const at = clock.now().getTime();
    if (what.do === 'wait') await clock.advance(what.milliseconds);
    else if (what.do === 'resize') screen.resize(what.columns);
    else if (what.do === 'start') {
      started.push(id);
      tell({ type: 'step-start', at, id, name: what.text });
    } else if (what.do === 'end') {
      const ended = started.shift();
      if (ended === undefined) continue;
      expected.push(`✔ ${what.text} (0.0 s)`);
      tell({ type: 'step-end', at, id: ended, name: what.text, outcome: 'done', detail: '', durationMs: 0 });
    } else if (what.do === 'progress') {
      tell({ type: 'step-progress', at, id: started[0] ?? -1, detail: what.text });
    } else if (what.do === 'output') {
      expected.push(`[t] ${what.text}`);
      tell({ type: 'output', at, source: 't', text: what.text });
    } else {
      expected.push(`⚠ ${what.text}`);
      tell({ type: 'message', at, level: 'warn', text: what.text });
    }
  }
  view[Symbol.dispose]();
  assert.equal(screen.lines.join('').replaceAll(' ', ''), expected.join('').replaceAll(' ', ''));
  assert.equal(screen.cursorVisible, true);
  assert.equal(clock.sleepers, 0);
}
