import assert from 'node:assert/strict';
import { createLog, type Log } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import { plainProgress } from '../../src/cli/progress-plain.ts';
import { createPaint } from '../../src/cli/progress-text.ts';
import type { ProgressView } from '../../src/cli/progress-view.ts';
import { Captured } from './captured.ts';
import { createTickingClock, type TickingClock } from './ticking-clock.ts';

interface Stage {
  readonly stream: Captured;
  readonly clock: TickingClock;
  readonly view: ProgressView;
  readonly log: Log;
}

async function setUp(colour = false): Promise<Stage> {
  const stream = new Captured();
  const clock = createTickingClock();
  await clock.advance(5_000);
  const view = plainProgress(stream, { clock, paint: createPaint(colour) });
  return { stream, clock, view, log: createLog(view.sink, { clock, redactor: createRedactor() }) };
}

describe('plain progress', () => {
  it('writes one line for each thing that happens, with the time since the start', async () => {
    const { stream, clock, view, log } = await setUp();
    using _view = view;
    log.info('commit a1b2c3 on main');
    await clock.advance(1_250);
    await log.step('base image', async (step) => {
      step.progress('asking the registry');
      await clock.advance(400);
      step.conclude('node:24-bookworm');
    });
    await log.step('record', async (step) => step.conclude('found', 'reused'));
    await log.step('tasks', async () => {
      log.output('build', 'added 57 packages');
      log.output('build', '\u001B[1Gprogress\u001B[0K');
    });
    log.warn('no credentials');
    view.conclude(['✔ a1b2c3 is warm', '  time      1.7 s']);
    assert.equal(
      stream.text,
      [
        '   0.0s ℹ commit a1b2c3 on main',
        '   1.6s ✔ base image: node:24-bookworm (0.4 s)',
        '   1.6s ↺ record: found (0.0 s)',
        '[build] added 57 packages',
        '[build] progress',
        '   1.6s ✔ tasks (0.0 s)',
        '   1.6s ⚠ no credentials',
        '✔ a1b2c3 is warm',
        '  time      1.7 s',
        '',
      ].join('\n'),
    );
  });

  it('says every ten seconds what a long step is doing', async () => {
    const { stream, clock, view, log } = await setUp();
    using _view = view;
    await clock.advance(500);
    await log.step('tasks', async (step) => {
      await clock.advance(9_900);
      assert.deepEqual(stream.lines, []);
      step.progress('installing');
      await clock.advance(15_000);
      await log.step('short', () => clock.advance(1_000));
      await clock.advance(5_000);
    });
    assert.deepEqual(stream.lines, [
      '  10.5s … tasks: installing (10 s)',
      '  20.5s … tasks: installing (20 s)',
      '  26.4s ✔ short (1.0 s)',
      '  30.5s … tasks: installing (30 s)',
      '  31.4s ✔ tasks (31 s)',
    ]);
  });

  it('waits for nothing when no step runs or when it is disposed', async () => {
    const { clock, view, log } = await setUp();
    await log.step('short', () => clock.advance(2_000));
    assert.equal(clock.sleepers, 0);
    await log.step('cut short', async () => {
      assert.equal(clock.sleepers, 1);
      view[Symbol.dispose]();
      assert.equal(clock.sleepers, 0);
    });
  });

  it('shows a step that throws as failed, in red where there is colour', async () => {
    const { stream, view, log } = await setUp(true);
    using _view = view;
    await assert.rejects(log.step('publish', () => Promise.reject(new Error('no space'))));
    assert.match(stream.text, /\u001B\[31m✖\u001B\[39m publish: no space/);
  });
});
