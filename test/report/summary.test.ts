import assert from 'node:assert/strict';
import { summaryLines } from '../../src/report/summary.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

describe('summary', () => {
  it('tells where a warm image is and what it cost', () => {
    assert.deepEqual(summaryLines(warmOutcome), [
      '  image     registry.example.org/team/app:commit-a1b2c3d4e5f6',
      `  digest    sha256:${'a'.repeat(64)}`,
      '  reused    1 of 2 steps, 2 of 3 layers (145 MB of 145 MB)',
      '  uploaded  2 blobs, 4.2 kB',
      '  time      2.0 s',
      '✔ a1b2c3d4e5f6 is warm',
    ]);
  });

  it('tells what a step took beside what was expected of it', () => {
    const evidence = {
      scope: 'branch x',
      recordedAt: '2026-01-02T03:04:05Z',
      durationMs: 12_000,
      layerBytes: 8e6,
    };
    const layer = { digest: `sha256:${'c'.repeat(64)}`, size: 9_000_000, reused: false };
    const lines = summaryLines({
      ...warmOutcome,
      layers: [
        { ...layer, role: 'task' },
        { ...layer, role: 'source' },
        { ...layer, role: 'patch', reused: true },
      ],
      steps: [{ name: 'tasks', outcome: 'ran', reason: 'x', durationMs: 14_200, evidence }],
    });
    assert.ok(
      lines.includes('  ran       tasks in 14 s for 9.0 MB; expected were 12 s and 8.0 MB'),
      lines.join('\n'),
    );
    const reused = [{ name: 'tasks', outcome: 'reused', reason: 'x', durationMs: 0, evidence }] as const;
    assert.ok(
      summaryLines({ ...warmOutcome, steps: [...reused] }).every((line) => !line.includes('expected')),
    );
  });

  it('tells why there is none and what to do', () => {
    assert.deepEqual(summaryLines(failedOutcome), [
      '  reused    0 of 1 steps',
      '  uploaded  nothing',
      '  time      1 min 05 s',
      '  hint      Run npm ci in a checkout of this commit',
      '✖ a1b2c3d4e5f6 is not warm: cannot run task "build": npm ci ended with exit code 1',
    ]);
  });

  it('tells that a step goes on though a task failed', () => {
    const { failure } = failedOutcome;
    assert.ok(failure);
    const lines = summaryLines({ ...failedOutcome, failure: { ...failure, tolerated: true } });
    assert.match(lines.at(-2) ?? '', /^ {2}step {6}goes on all the same, as FAIL_ON_TASK is not 'true'$/);
    assert.ok(!summaryLines(failedOutcome).join().includes('FAIL_ON_TASK'));
  });

  it('shows what to paste below what to do', () => {
    assert.deepEqual(summaryLines(greedyOutcome).slice(-9), [
      '  hint      Give the docker service 3072 MB, or let the task use less.',
      '  in bitbucket-pipelines.yml:',
      '',
      'definitions:',
      '  services:',
      '    docker:',
      '      memory: 3072',
      '',
      '✖ a1b2c3d4e5f6 is not warm: task "build" ran out of memory: the docker service has 1024 MB',
    ]);
  });

  it('tells that a run was interrupted', () => {
    assert.equal(
      summaryLines(interruptedOutcome).at(-1),
      '✖ a1b2c3d4e5f6 is not warm: the run was interrupted',
    );
  });
});
