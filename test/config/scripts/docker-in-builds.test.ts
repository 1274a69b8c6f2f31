import assert from 'node:assert/strict';
import { findingsOf, shownFindings } from './findings-of.ts';

const told = (task: object, more: object = {}): readonly string[] =>
  shownFindings(JSON.stringify({ ...more, tasks: [task] })).map((finding) => finding.replace(' 1:', ''));
const fails = (call: string, part = 'init'): string =>
  `warning the tasks of a build have no Docker engine, so that "${call}" fails in ${part}`;
const FOR_EVER = 'error the build would wait here for ever: its tasks have no Docker engine';

describe('docker in tasks of a build', () => {
  const needing: readonly (readonly [text: string, call: string])[] = [
    ['docker compose pull', 'docker compose pull'],
    ['docker-compose up -d', 'docker-compose up -d'],
    ['cd x && docker build -t y .', 'docker build -t'],
    ['sudo docker run x', 'docker run x'],
    ['(docker-up &)', 'docker-up'],
    ['sudo docker-up &', 'docker-up'],
    ['if [ -f x ]; then docker pull y; fi', 'docker pull y'],
    ['timeout 5m docker pull y', 'docker pull y'],
    ['/usr/bin/docker info', '/usr/bin/docker info'],
  ];
  for (const [text, call] of needing)
    it(`is warned of: ${text}`, () => assert.deepEqual(told({ init: text }), [fails(call)]));

  it('is warned of once for each part, at its line', () => {
    const text =
      'tasks:\n  - before: docker pull a\n    init: |\n      echo b\n      docker pull c\n      docker pull d\n';
    assert.deepEqual(
      findingsOf(text).map(({ line, column, endColumn, path }) => [line, column, endColumn, path]),
      [
        [2, 13, 26, 'tasks[0].before'],
        [5, 7, 20, 'tasks[0].init'],
      ],
    );
  });

  const fine: readonly (readonly [what: string, task: object, more?: object])[] = [
    [
      'it is asked of its version',
      { init: 'docker --version; docker compose version; docker-compose --version; docker' },
    ],
    ['it only logs in', { init: 'echo x | docker login --password-stdin' }],
    ['it runs at starts', { command: 'docker compose up' }],
    ['it is text', { init: 'echo docker pull x # docker pull y' }],
    ['it is looked for first', { init: 'if command -v docker; then docker pull x; fi' }],
    ['builds are told apart', { init: '[ -n "$GITPOD_HEADLESS" ] || docker pull x' }],
    ['the engine is elsewhere', { init: 'docker pull x', env: { DOCKER_HOST: 'tcp://e:1' } }],
    [
      'the engine of all tasks is elsewhere',
      { init: 'docker pull x' },
      { env: { DOCKER_HOST: 'tcp://e:1' } },
    ],
    ['before names an engine', { before: 'export DOCKER_HOST=tcp://e:1', init: 'docker pull x' }],
  ];
  for (const [what, task, more] of fine)
    it(`is fine where ${what}`, () => assert.deepEqual(told(task, more), []));

  const endless = [
    'until docker info >/dev/null 2>&1; do sleep 1; done',
    'until docker ps\ndo\n  echo waiting\n  sleep 2\ndone',
    'while ! docker info; do :; done',
    'sudo docker-up & \nuntil sudo docker info; do sleep 1; done; docker pull x',
  ];
  for (const text of endless)
    it(`is an error where a build would wait for it for ever: ${text.replaceAll('\n', ' ')}`, () =>
      assert.deepEqual(told({ init: text }), [FOR_EVER]));

  it('is a warning where a Dockerfile may have named an engine', () => {
    assert.deepEqual(told({ init: endless[0] }, { image: { file: 'Dockerfile' } }), [
      FOR_EVER.replace('error', 'warning'),
    ]);
  });

  const bounded = [
    'until docker info || [ $i = 9 ]; do sleep 1; done',
    'until docker info; do sleep 1; [ $((i++)) -lt 9 ] || break; done',
    'while docker info; do sleep 1; done',
    'until docker info; do docker-up; sleep 1; done &',
    'if x; then until docker info; do sleep 1; done; fi',
  ];
  for (const text of bounded)
    it(`is no error where a build may go on: ${text}`, () => {
      const severities = findingsOf(JSON.stringify({ tasks: [{ init: text }] })).map(
        ({ severity }) => severity,
      );
      assert.deepEqual(severities, ['warning']);
    });
});
