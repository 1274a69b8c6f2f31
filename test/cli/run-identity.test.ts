import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { isDead, runLabels } from '../../src/build/sweep.ts';
import { thisRun, thisWitness } from '../../src/cli/run-identity.ts';
import { systemClock } from '../../src/kernel/clock.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the identity of a run', () => {
  it('is another one each time', () => {
    assert.notEqual(thisRun(systemClock).id, thisRun(systemClock).id);
  });

  it('is alive for its own witness, until its deadline', () => {
    const labels = runLabels(thisRun(systemClock));
    assert.equal(isDead(labels, thisWitness(systemClock)), false);
    const later = { ...systemClock, now: () => new Date(Date.now() + DAY_MS + 5000) };
    assert.equal(isDead(labels, thisWitness(later)), true);
  });

  it('is dead once its program has gone', async () => {
    const child = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' });
    await once(child, 'close');
    const run = thisRun(systemClock);
    const labels = runLabels({ ...run, owner: { ...run.owner, pid: child.pid ?? 0 } });
    assert.equal(isDead(labels, thisWitness(systemClock)), true);
  });

  it('counts a program of someone else as alive', () =>
    assert.equal(thisWitness(systemClock).alive(1), true));
});
