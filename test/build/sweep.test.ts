import assert from 'node:assert/strict';
import { isDead, runLabels } from '../../src/build/sweep.ts';

const RUN = { id: 'r1', owner: { host: 'ci/host', boot: 'b1', pidNamespace: 7, pid: 42 }, deadline: 2000 };
const HERE = { host: 'ci/host', boot: 'b1', pidNamespace: 7, alive: (pid: number) => pid === 42, now: 1000 };

describe('isDead', () => {
  const labels = runLabels(RUN);

  it('spares a run whose program lives', () => assert.equal(isDead(labels, HERE), false));
  it('finds a run whose program has gone', () =>
    assert.equal(isDead(labels, { ...HERE, alive: () => false }), true));
  it('finds a run of an earlier start of the host', () =>
    assert.equal(isDead(labels, { ...HERE, boot: 'b2' }), true));
  it('spares a run in another container of the same host, whose number may be that of any program here', () =>
    assert.equal(isDead(labels, { ...HERE, pidNamespace: 8, alive: () => false }), false));
  it('finds a run past its deadline, wherever it ran', () => {
    assert.equal(isDead(labels, { ...HERE, now: 2001 }), true);
    assert.equal(isDead(labels, { ...HERE, host: 'other', now: 2001 }), true);
  });
  it('spares a run of another host before its deadline', () => {
    assert.equal(isDead(labels, { ...HERE, host: 'other', boot: 'b9', alive: () => false }), false);
  });
  it('spares what carries no labels of ours', () => {
    assert.equal(isDead({ 'dev.preheat.deadline': '1' }, HERE), false);
    assert.equal(isDead({ 'dev.preheat.run': 'x' }, HERE), false);
    assert.equal(
      isDead(
        { 'dev.preheat.run': 'x', 'dev.preheat.owner': 'ci/host', 'dev.preheat.deadline': 'soon' },
        HERE,
      ),
      false,
    );
  });
});
