import assert from 'node:assert/strict';
import { TaskFailure } from '../../src/build/task-failure.ts';
import { failureOf } from '../support/failure-of.ts';
import { openBench, type StepBench } from './step-run.ts';

/** What Gitpod typed into a terminal, where it hung until the hour was over. */
const REFUSED = [
  [
    'a syntax error',
    { before: 'true', init: '&& make' },
    /: line 1 of init: syntax error near unexpected token `&&'$/,
  ],
  [
    'an open quote',
    { init: 'echo ok\necho "oops', prebuild: 'true' },
    /: line 2 of init: unexpected EOF while looking for matching `"'$/,
  ],
  [
    'a trailing backslash',
    { before: 'echo a \\', init: 'echo b' },
    /: line 1 of before: it ends in a backslash$/,
  ],
] as const;

describe('tasks on which Gitpod hung', () => {
  let bench: StepBench;
  before(async () => {
    bench = await openBench();
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const taskFailure = async (run: Promise<unknown>): Promise<TaskFailure> => {
    const thrown = await failureOf(run);
    assert.ok(thrown instanceof TaskFailure);
    return thrown;
  };

  for (const [what, task, message] of REFUSED) {
    it(`are refused before anything runs: ${what}`, async () => {
      const failure = await taskFailure(
        bench.run([
          { name: 'good', init: 'echo ran' },
          { name: 'bad', ...task },
        ]),
      );
      assert.match(failure.message, /^cannot run task "bad": /);
      assert.match(failure.message, message);
      assert.equal(failure.code, 'task-failed');
      assert.ok(!bench.said.lines.includes('[good] ran'));
    });
  }

  it('run on: history expansion is no more than text, and what reads the terminal finds its end', async () => {
    await bench.run([{ name: 'text', init: 'echo "wow!word"; read -r -p "Name? " x || echo "no name"' }]);
    assert.ok(bench.said.lines.includes('[text] wow!word'));
    assert.ok(bench.said.lines.includes('[text] no name'));
    const failure = await taskFailure(bench.run([{ name: 'asks', init: 'read -r -p "Name? " name' }]));
    assert.equal(failure.message, 'task "asks" failed with exit code 1');
  });

  it('are ended when their time is up, with what they printed last', async () => {
    const tasks = [
      { name: 'waits', init: 'seq 1 100; gp sync-await nobody' },
      { name: 'quick', init: 'true' },
    ];
    const failure = await taskFailure(bench.run(tasks, { limits: { task: 1000 } }));
    assert.equal(failure.message, 'task "waits" was not done after 1 s');
    assert.deepEqual([failure.code, failure.exitCode, failure.task], ['task-failed', 124, 'waits']);
    assert.deepEqual(failure.output.slice(-2), ['100', 'gp: waiting for "nobody"']);
    assert.match(failure.hint ?? '', /--task-timeout/);
    assert.deepEqual(bench.disposed, bench.created);
  });

  it('are ended together when the time of all is up', async () => {
    const tasks = [
      { name: 'one', init: 'echo first; sleep 1000' },
      { name: 'two', init: 'echo second; sleep 1000' },
    ];
    const failure = await taskFailure(bench.run(tasks, { limits: { tasks: 2000 } }));
    assert.equal(failure.message, 'tasks "one", "two" were not done after 2 s');
    assert.deepEqual(failure.output, ['[one] first', '[two] second']);
    assert.match(failure.hint ?? '', /--tasks-timeout/);
  });

  it('are not disturbed by limits that they keep', async () => {
    const { result } = await bench.run([{ init: 'true' }], { limits: { task: 60_000, tasks: 60_000 } });
    assert.equal(result.tasks[0]?.exitCode, 0);
  });

  it('fail at the first command that fails, where they are strict', async () => {
    const task = { name: 'strict', before: 'set -o', init: 'false\necho went on' };
    await bench.run([task]);
    assert.ok(bench.said.lines.includes('[strict] went on'));
    const failure = await taskFailure(bench.run([{ ...task, before: 'echo again' }], { strictTasks: true }));
    assert.equal(failure.message, 'task "strict" failed with exit code 1');
    assert.deepEqual(failure.output, ['again']);
  });
});
