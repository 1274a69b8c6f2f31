import assert from 'node:assert/strict';
import { quiesce, residentsOf } from '../../src/build/quiesce.ts';
import { readTool } from '../../src/build/run-tool.ts';
import { openTestContainer } from './test-container.ts';

const options = { signal: AbortSignal.timeout(120_000) };
const bash = '/bin/bash';
const PROGRAMS = String.raw`
exec >/dev/null 2>&1
(trap 'echo asked >/srv/asked; exit' TERM; while :; do sleep 0.05; done) &
(trap '' TERM; while :; do sleep 0.05; done) &
(setsid sleep 300 &)
sleep 300 & kill -STOP $!
`;

describe('quiesce', () => {
  it('asks everything to end, kills what does not, and spares the container', async () => {
    await using opened = await openTestContainer();
    const { container, toolbox } = opened;
    const residents = await residentsOf(container, bash, options);
    await readTool(container, { command: [bash, '-c', PROGRAMS] }, options);
    assert.notEqual(await residentsOf(container, bash, options), residents);

    await quiesce(container, toolbox, { bash, residents, patienceSeconds: 1 }, options);
    assert.equal(await residentsOf(container, bash, options), residents);
    const asked = await container.readFile('/srv/asked', options);
    assert.equal(Buffer.from(asked ?? []).toString(), 'asked\n');
  });

  it('does nothing where nothing runs', async () => {
    await using opened = await openTestContainer();
    const { container, toolbox } = opened;
    const residents = await residentsOf(container, bash, options);
    assert.match(residents, /^1 \d+$/);
    await quiesce(container, toolbox, { bash, residents }, options);
    assert.equal(await residentsOf(container, bash, options), residents);
  });
});
