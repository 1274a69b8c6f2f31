import assert from 'node:assert/strict';
import { createLog } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import { wantsColour } from '../../src/cli/progress-colour.ts';
import { createProgress, type ProgressOptions } from '../../src/cli/progress.ts';
import { Captured } from './captured.ts';
import { createTickingClock } from './ticking-clock.ts';

async function tell(options: Pick<ProgressOptions, 'form' | 'verbosity'>): Promise<Captured> {
  const stream = new Captured();
  const clock = createTickingClock();
  using view = createProgress({ ...options, stream, colour: false, clock });
  const log = createLog(view.sink, { clock, redactor: createRedactor() });
  log.debug('three candidates');
  log.info('commit a1b2c3');
  await log.step('tasks', async (step) => {
    step.progress('installing');
    log.output('build', 'added');
  });
  log.error('broken');
  view.conclude(['✖ a1b2c3 is not warm']);
  return stream;
}

describe('progress', () => {
  it('hides debug messages by default', async () => {
    const usual = await tell({ form: 'plain', verbosity: 'usual' });
    const debug = await tell({ form: 'plain', verbosity: 'debug' });
    assert.deepEqual(
      debug.lines.filter((line) => !usual.lines.includes(line)),
      ['   0.0s · three candidates'],
    );
  });

  for (const form of ['plain', 'live'] as const) {
    it(`shows warnings, errors and the result only when a ${form} view is quiet`, async () => {
      const { lines } = await tell({ form, verbosity: 'quiet' });
      assert.deepEqual(lines, ['   0.0s ✖ broken', '✖ a1b2c3 is not warm']);
    });
  }

  it('writes each event as a line of JSON', async () => {
    const { lines } = await tell({ form: 'json', verbosity: 'usual' });
    assert.deepEqual(
      lines.map((line): unknown => JSON.parse(line)),
      [
        { type: 'message', at: 0, level: 'info', text: 'commit a1b2c3' },
        { type: 'step-start', at: 0, id: 1, name: 'tasks' },
        { type: 'step-progress', at: 0, id: 1, detail: 'installing' },
        { type: 'output', at: 0, source: 'build', text: 'added' },
        { type: 'step-end', at: 0, id: 1, name: 'tasks', outcome: 'done', detail: '', durationMs: 0 },
        { type: 'message', at: 0, level: 'error', text: 'broken' },
        { type: 'result', at: 0, lines: ['✖ a1b2c3 is not warm'] },
      ],
    );
  });

  it('draws a live view', async () => {
    const { text } = await tell({ form: 'live', verbosity: 'usual' });
    assert.ok(text.includes('\u001B[?25l') && text.includes('\u001B[?25h'));
  });
});

describe('colour', () => {
  const cases: readonly [Readonly<Record<string, string>>, boolean, boolean][] = [
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ BITBUCKET_BUILD_NUMBER: '7' }, false, true],
  ];
  for (const [env, isTerminal, expected] of cases) {
    it(`is ${expected ? 'on' : 'off'} ${isTerminal ? 'in a terminal' : 'in a pipe'} with ${JSON.stringify(env)}`, () => {
      assert.equal(wantsColour({ env, isTerminal }), expected);
    });
  }
});
