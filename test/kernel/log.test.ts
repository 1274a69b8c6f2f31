import assert from 'node:assert/strict';
import { createLog, type LogEvent } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';

function setUp() {
  const events: LogEvent[] = [];
  const redactor = createRedactor();
  let now = 0;
  const clock = { now: () => new Date((now += 10)), sleep: async () => {} };
  const log = createLog((event) => void events.push(event), { clock, redactor });
  return { events, redactor, log };
}

describe('log', () => {
  it('frames a step and tells its time', async () => {
    const { events, log } = setUp();
    const result = await log.step('publish', async (step) => {
      step.progress('2 of 3 blobs');
      step.conclude('3 blobs');
      return 7;
    });
    assert.equal(result, 7);
    assert.deepEqual(events, [
      { type: 'step-start', at: 10, id: 1, name: 'publish' },
      { type: 'step-progress', at: 20, id: 1, detail: '2 of 3 blobs' },
      {
        type: 'step-end',
        at: 30,
        id: 1,
        name: 'publish',
        outcome: 'done',
        detail: '3 blobs',
        durationMs: 20,
      },
    ]);
  });

  it('ends a step that throws as failed, and throws on', async () => {
    const { events, log } = setUp();
    const failing = log.step('publish', async () => {
      throw new Error('no space');
    });
    await assert.rejects(failing, { message: 'no space' });
    assert.partialDeepStrictEqual(events.at(-1), { type: 'step-end', outcome: 'failed', detail: 'no space' });
  });

  it('redacts every text that leaves it', async () => {
    const { events, redactor, log } = setUp();
    redactor.add('hunter22');
    log.info('a hunter22');
    log.output('build', 'b hunter22');
    await log.step('x', async (step) => {
      step.progress('c hunter22');
      step.conclude('d hunter22');
    });
    assert.ok(!JSON.stringify(events).includes('hunter22'));
  });
});
