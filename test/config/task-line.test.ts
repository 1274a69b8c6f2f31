import assert from 'node:assert/strict';
import { interpretConfig } from '../../src/config/interpret-config.ts';
import { taskLine } from '../../src/config/task-line.ts';

function linesOf(path: string, text: string): readonly (number | undefined)[] {
  const file = { path, text };
  const { config } = interpretConfig(file, { repositoryName: 'app' });
  assert.ok(config);
  return config.tasks.map(({ name }) => taskLine(file, config, name));
}

describe('the line of a task', () => {
  it('is that of what a build runs of it', () => {
    const text = [
      'image: debian:bookworm',
      'x: &shared',
      '  init: make',
      'tasks:',
      '  - name: a',
      '    command: run',
      '    init: |',
      '      make',
      '  - before: export A=1',
      '  - { name: c, init: make }',
      '  - <<: *shared',
      '    name: d',
      '',
    ].join('\n');
    assert.deepEqual(linesOf('.gitpod.yml', text), [7, 9, 10, 3]);
  });

  it('is counted behind a byte order mark and with Windows line ends', () => {
    assert.deepEqual(linesOf('.gitpod.yml', '\uFEFFtasks:\r\n  - name: a\r\n    init: make\r\n'), [3]);
  });

  it('is unknown of a devcontainer.json and of a task that is not there', () => {
    const json = '{ "image": "debian:bookworm", "onCreateCommand": "make" }';
    assert.deepEqual(linesOf('.devcontainer/devcontainer.json', json), [undefined]);
    const file = { path: '.gitpod.yml', text: 'tasks: []\n' };
    assert.equal(taskLine(file, { tasks: [] }, 'a'), undefined);
  });
});
