import assert from 'node:assert/strict';
import { readDevcontainer } from '../../../src/config/devcontainer/read-devcontainer.ts';

/** What is said of a file: severity, the text at its place, the message and what to write. */
function said(more: object): readonly (readonly string[])[] {
  const text = JSON.stringify({ image: 'debian', ...more }, null, 2);
  const { diagnostics } = readDevcontainer(text, '.devcontainer.json', { repositoryName: 'app' });
  return diagnostics.map(({ severity, line, column, endColumn, message, suggestion = '' }) => {
    const place = text.split('\n')[line - 1]?.slice(column - 1, (endColumn ?? 0) - 1) ?? '';
    return [severity, place, message, suggestion];
  });
}

const WAITS = 'the build would wait here for ever: ';

describe('what is found in the commands of a devcontainer.json', () => {
  it('is a failure that passes unnoticed, once for each command', () => {
    assert.deepEqual(
      said({ onCreateCommand: 'cd "a b"\nnpm ci\nnpm run "build"', postStartCommand: 'a; b' }),
      [
        [
          'warning',
          'npm ci',
          'if this fails, onCreateCommand goes on: only its last command decides whether it failed',
          'join the commands with "&&", or write "set -e" in front of them',
        ],
      ],
    );
    const each = said({
      postCreateCommand: { one: 'npm ci; npm test', two: ['npm', 'ci;'], three: 'a && b' },
    });
    assert.deepEqual(
      each.map(([, place]) => place),
      ['npm ci'],
    );
    assert.deepEqual(said({ onCreateCommand: 'set -e; npm ci; npm test' }), []);
    // What one shell was told does not reach the next one.
    assert.equal(said({ onCreateCommand: 'set -e', postCreateCommand: 'npm ci; npm test' }).length, 1);
  });

  it('is docker in a build, with or without a shell', () => {
    const advice = 'move it to "postStartCommand", or leave it out of builds: [ -n "$GITPOD_HEADLESS" ] || …';
    assert.deepEqual(said({ postCreateCommand: 'docker compose up -d', postStartCommand: 'docker ps' }), [
      [
        'warning',
        'docker compose up -d',
        'the tasks of a build have no Docker engine, so that "docker compose up" fails in postCreateCommand',
        advice,
      ],
    ]);
    const words = said({ updateContentCommand: { db: ['docker', 'run', 'a b'] } });
    assert.deepEqual(
      words.map(([severity, place, , suggestion]) => [severity, place, suggestion]),
      // Words stand in a list, which begins here.
      [['warning', '[', advice]],
    );
    assert.deepEqual(said({ remoteEnv: { DOCKER_HOST: 'tcp://x:1' }, postCreateCommand: 'docker ps' }), []);
    const endless = 'until docker info; do sleep 1; done';
    assert.equal(said({ postCreateCommand: endless })[0]?.[0], 'error');
    const build = { image: undefined, build: { dockerfile: 'Dockerfile' } };
    assert.equal(said({ ...build, postCreateCommand: endless })[0]?.[0], 'warning');
  });

  it('is a build that waits for ever', () => {
    const wait = 'gp sync-await db';
    assert.deepEqual(said({ postCreateCommand: wait, postStartCommand: 'gp sync-done db' }), [
      [
        'error',
        wait,
        `${WAITS}only postStartCommand signals "db", and postStartCommand does not run in a build`,
        'wait for it in "postStartCommand", or signal it in "postCreateCommand"',
      ],
    ]);
    const [, , message] =
      said({ onCreateCommand: { a: wait }, postCreateCommand: 'gp sync-done db' })[0] ?? [];
    assert.equal(message, `${WAITS}postCreateCommand signals "db" only after a wait that never ends`);
    // What a later property waits for is not reached, and a script in it can signal nothing.
    const later = said({ onCreateCommand: wait, postCreateCommand: './x && gp sync-await b' });
    assert.deepEqual(
      later.map(([severity, , text]) => [severity, text]),
      [['error', `${WAITS}nothing signals "db"`]],
    );
  });

  it('is nothing where commands of a map signal each other, or an earlier property has signalled', () => {
    assert.deepEqual(
      said({ postCreateCommand: { a: 'gp sync-await a && x', b: ['gp', 'sync-done', 'a'] } }),
      [],
    );
    assert.deepEqual(said({ onCreateCommand: 'gp sync-done a', postCreateCommand: 'gp sync-await a' }), []);
    assert.deepEqual(
      said({
        onCreateCommand: { a: 'gp sync-await a', b: 'gp sync-done a' },
        postCreateCommand: { a: 'gp sync-await b', b: 'gp sync-await a && gp sync-done b' },
      }),
      [],
    );
  });

  it('is a text that no shell can read, and an address that only the build has', () => {
    assert.deepEqual(
      said({ postStartCommand: "echo 'a", onCreateCommand: '&& a' }),
      [
        ['warning', '&&', 'onCreateCommand begins with "&&", which sh refuses: the task will fail', ''],
        [
          'warning',
          "'",
          'postStartCommand has a quote without an end here, which sh refuses: the task will fail',
          '',
        ],
      ].toSorted((a, b) => (a[1] === "'" ? -1 : b[1] === "'" ? 1 : 0)),
    );
    const [found] = said({ postCreateCommand: 'gp url 3000 > address' });
    assert.deepEqual([found?.[0], found?.[1]], ['info', 'gp url']);
    assert.equal(found?.[3], 'move it to "postStartCommand", which each start runs');
  });
});
