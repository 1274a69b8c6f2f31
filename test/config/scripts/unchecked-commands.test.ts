import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readConfig } from '../../../src/config/read-config.ts';
import { scriptOf } from '../../../src/build/task-script.ts';

/** Lines and suggestions of what passes unnoticed in a task. */
function unchecked(task: object): readonly string[] {
  const { diagnostics } = readConfig(JSON.stringify({ tasks: [task] }, undefined, 1), {
    repositoryName: 'app',
  });
  return diagnostics.flatMap(({ message, path, suggestion }) =>
    message.startsWith('if this fails') ? [`${path}: ${suggestion}`] : [],
  );
}

const SET = 'write "set -e" in front of it, join the commands with "&&", or build with --strict-tasks';

describe('commands that fail unnoticed', () => {
  const found: readonly (readonly [what: string, task: object, told: readonly string[]])[] = [
    ['before others', { init: 'npm ci\nnpm run build' }, [`tasks[0].init: ${SET}`]],
    ['in one line', { init: 'npm ci; npm run build' }, [`tasks[0].init: ${SET}`]],
    ['once a task', { init: 'a\nb\nc\nd' }, [`tasks[0].init: ${SET}`]],
    ['of a chain', { init: 'cd x && npm ci\necho done' }, [`tasks[0].init: ${SET}`]],
    [
      'in before, where "set -e" does nothing',
      { before: 'set -e\na\nb', init: 'c' },
      ['tasks[0].before: join the commands with "&&"; "set -e" does nothing here, since init follows'],
    ],
    [
      'in init, where prebuild follows',
      { init: 'a\nb', prebuild: 'c' },
      ['tasks[0].init: join the commands with "&&"; "set -e" does nothing here, since prebuild follows'],
    ],
    ['before "set -e"', { init: 'a\nset -e\nb' }, [`tasks[0].init: ${SET}`]],
    ['in a group', { init: '(cd x; make)\nb' }, [`tasks[0].init: ${SET}`]],
  ];
  for (const [what, task, told] of found)
    it(`are told ${what}`, () => assert.deepEqual(unchecked(task), told));

  const silent: readonly (readonly [what: string, task: object])[] = [
    ['there is one command', { init: 'npm ci' }],
    ['all are joined', { init: 'npm ci &&\n  npm run build' }],
    ['errors stop it', { init: 'set -eu\nnpm ci\nnpm run build' }],
    ['errors stop it by name', { init: 'set -o errexit\nnpm ci\nnpm run build' }],
    ['before lets errors stop init', { before: 'set -e', init: 'a\nb' }],
    ['failures are handled', { init: 'npm ci || exit 1\nnpm run lint || true\nnpm run build' }],
    ['a trap handles them', { init: "trap 'exit 1' ERR\na\nb" }],
    ['nothing of it fails', { init: 'export A=1\necho x\ncd y\nnpm ci' }],
    ['it ends with success on purpose', { init: 'npm ci\nexit 0' }],
    ['it is in the background', { init: 'redis-server &\nnpm ci' }],
    ['it is asked or repeated', { init: 'if [ -d x ]; then rm x; fi\nfor f in *; do cp $f y; done\nnpm ci' }],
    ['it runs at starts alone', { command: 'a\nb' }],
  ];
  for (const [what, task] of silent)
    it(`are not told where ${what}`, () => assert.deepEqual(unchecked(task), []));

  it('are not told where tasks are strict', () => {
    const text = JSON.stringify({ tasks: [{ init: 'a\nb' }] });
    const told = (strictTasks: boolean) =>
      readConfig(text, { repositoryName: 'app', strictTasks }).diagnostics.length;
    assert.deepEqual([told(true), told(false)], [0, 1]);
  });

  it('fail unnoticed in bash, also behind a "set -e" in front of "&&"', () => {
    const run = (task: object) => {
      const { text = '' } = scriptOf({ name: 'x', env: {}, ...task }) ?? {};
      return spawnSync('bash', ['--norc', '-c', text]).status;
    };
    assert.equal(run({ init: 'false\ntrue' }), 0);
    assert.equal(run({ init: 'set -e\nfalse\ntrue' }), 1);
    assert.equal(run({ before: 'set -e\nfalse\ntrue', init: 'true' }), 0);
    assert.equal(run({ before: 'set -e', init: 'false\ntrue' }), 1);
    assert.equal(run({ init: 'set -e\nfalse\ntrue', prebuild: 'true' }), 0);
  });
});
