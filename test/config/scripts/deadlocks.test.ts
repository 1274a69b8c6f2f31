import assert from 'node:assert/strict';
import { findingsOf, shownFindings } from './findings-of.ts';

const WAITS = 'the build would wait here for ever: ';

describe('a build that waits for ever', () => {
  const stuck: readonly (readonly [what: string, text: string, found: readonly string[]])[] = [
    [
      'for what only a command signals',
      'tasks:\n  - init: |\n      echo one\n      gp sync-await db\n  - command: |\n      gp sync-done db\n',
      [`error 4: ${WAITS}only tasks[1].command signals "db", and no command runs in a build`],
    ],
    [
      'in before, and in the rest of a chain',
      'tasks:\n  - before: cd x && gp sync-await db\n    command: gp sync-done "db"\n',
      [`error 2: ${WAITS}only tasks[0].command signals "db", and no command runs in a build`],
    ],
    [
      'in prebuild',
      "tasks:\n  - prebuild: gp sync-await 'db'\n    command: gp sync-done db\n",
      [
        'info 2: "prebuild" is deprecated, and still runs after "init"',
        `error 2: ${WAITS}only tasks[0].command signals "db", and no command runs in a build`,
      ],
    ],
    [
      'for what nothing signals',
      'tasks:\n  - init: gp sync-await db && npm ci\n',
      [`error 2: ${WAITS}nothing signals "db"`],
    ],
    [
      'for what only a comment signals',
      'tasks:\n  - init: gp sync-await db\n  - init: |\n      echo # gp sync-done db\n',
      [`error 2: ${WAITS}nothing signals "db"`],
    ],
    [
      'for what it signals itself afterwards',
      'tasks:\n  - before: gp sync-await db\n    init: gp sync-done db\n',
      [`error 2: ${WAITS}tasks[0].init signals "db" only after a wait that never ends`],
    ],
    [
      'where tasks wait for each other',
      'tasks:\n  - init: gp sync-await b && gp sync-done a\n  - init: gp sync-await a && gp sync-done b\n',
      [
        `error 2: ${WAITS}tasks[1].init signals "b" only after a wait that never ends`,
        `error 3: ${WAITS}tasks[0].init signals "a" only after a wait that never ends`,
      ],
    ],
  ];
  for (const [what, text, found] of stuck)
    it(`is found ${what}`, () => assert.deepEqual(shownFindings(text), found));

  it('is told as a possibility where a script may give the signal', () => {
    assert.deepEqual(shownFindings('tasks:\n  - init: gp sync-await db\n  - init: ./start-db.sh\n'), [
      'warning 2: nothing in this file signals "db"; unless a script does, the build waits here for ever',
    ]);
  });

  for (const command of [
    'bin/setup',
    'bash tools/start.sh',
    'sudo -E ./up',
    'poetry run x',
    'our-own-tool',
    '. lib/x',
  ])
    it(`is told as a possibility beside ${command}`, () => {
      const [found = ''] = shownFindings(`tasks:\n  - init: gp sync-await db\n  - init: ${command}\n`);
      assert.match(found, /^warning 2: nothing in this file signals "db"; unless a script does/);
    });

  it('is told as a possibility beside a script, also for what a command signals, and not beside a package manager', () => {
    const late = (init: string) =>
      shownFindings(`tasks:\n  - init: gp sync-await db\n  - init: ${init}\n    command: gp sync-done db\n`);
    assert.deepEqual(late('bin/setup'), [
      'warning 2: unless a script gives the signal, the build waits here for ever: only tasks[1].command signals "db", and no command runs in a build',
    ]);
    assert.match(
      late('npm ci')[0] ?? '',
      /^error 2: the build would wait here for ever: only tasks\[1\]\.command/,
    );
  });

  it('names the signal that was meant', () => {
    const [found] = findingsOf('tasks:\n  - init: gp sync-await databse\n  - init: gp sync-done database\n');
    assert.equal(found?.suggestion, 'did you mean "database"?');
  });

  it('frames the call', () => {
    const [found] = findingsOf('tasks:\n  - init: >\n      true && gp sync-await\n      db\n');
    assert.equal(found?.path, 'tasks[0].init');
    assert.equal(
      found.frame,
      '  2 |   - init: >\n> 3 |       true && gp sync-await\n    |               ^^^^^^^^^^^^^\n  4 |       db',
    );
  });

  const sound: readonly (readonly [what: string, text: string])[] = [
    ['init signals', 'tasks:\n  - init: gp sync-done db\n  - init: gp sync-await db\n'],
    ['before signals', 'tasks:\n  - before: gp sync-done db\n  - init: gp sync-await db\n'],
    ['prebuild signals', 'tasks:\n  - before: gp sync-await db\n  - init: x && gp sync-done db && y\n'],
    [
      'a condition may signal',
      'tasks:\n  - init: if x; then gp sync-done db; fi\n  - init: gp sync-await db\n',
    ],
    [
      'the background may signal',
      'tasks:\n  - init: (sleep 1; gp sync-done db) &\n  - init: gp sync-await db\n',
    ],
    [
      'a quoted script signals',
      'tasks:\n  - init: bash -c "x && gp sync-done db"\n  - init: gp sync-await db\n',
    ],
    ['a trap may signal', "tasks:\n  - init: |\n      trap 'gp sync-done db' EXIT\n      gp sync-await db\n"],
    [
      'any name may be signalled',
      'tasks:\n  - init: for n in db; do gp sync-done $n; done\n  - init: gp sync-await db\n',
    ],
    ['the wait is one of a command', 'tasks:\n  - init: gp sync-done db\n    command: gp sync-await db\n'],
    [
      'the wait is under a condition',
      'tasks:\n  - init: "[ -z x ] || gp sync-await db"\n    command: gp sync-done db\n',
    ],
    ['the wait is in the background', 'tasks:\n  - init: gp sync-await db &\n    command: gp sync-done db\n'],
    ['the wait is text', 'tasks:\n  - init: echo "gp sync-await db"\n    command: gp sync-done db\n'],
    [
      'the task has left before',
      'tasks:\n  - before: |\n      if x; then exit 0; fi\n    init: gp sync-await db\n    command: gp sync-done db\n',
    ],
    [
      'gp is another',
      'tasks:\n  - before: gp() { echo "$@"; }\n    init: gp sync-await db\n    command: gp sync-done db\n',
    ],
    [
      'tasks follow each other',
      'tasks:\n  - init: gp sync-done a && gp sync-await b\n  - init: gp sync-await a && gp sync-done b\n',
    ],
  ];
  for (const [what, text] of sound)
    it(`is not found where ${what}`, () => {
      assert.deepEqual(
        findingsOf(text).filter(({ message }) => message.includes('for ever')),
        [],
      );
    });
});

describe('a start that waits for ever', () => {
  it('is a warning where nothing in the file signals', () => {
    assert.deepEqual(shownFindings('tasks:\n  - command: gp sync-await db && npm start\n'), [
      'warning 2: nothing in this file signals "db"; unless a script does, a workspace waits here for ever',
    ]);
    assert.deepEqual(
      shownFindings('tasks:\n  - command: gp sync-await db\n  - command: gp sync-done db\n'),
      [],
    );
  });
});
