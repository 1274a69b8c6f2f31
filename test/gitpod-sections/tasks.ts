import { execa } from 'execa';
import { aloneStatement } from './run-alone.ts';
import type { NamedTask, WorkspaceStatement } from './task-statement.ts';

const PARTS_TASK = {
  before: 'echo before',
  init: 'echo init',
  prebuild: 'echo prebuild',
  command: 'echo command',
};

/** What Gitpod's supervisor did with tasks. */
export const TASKS: readonly WorkspaceStatement[] = [
  {
    gitpod:
      'A prebuild ran before, init and prebuild; a start from the prebuild of its commit before and command.',
    tasks: [PARTS_TASK],
  },
  {
    gitpod: 'All tasks ran at the same time; nothing but gp ordered them.',
    tasks: [
      { init: 'gp sync-done one && gp sync-await two 2>/dev/null' },
      { init: 'gp sync-await one 2>/dev/null && gp sync-done two' },
    ],
  },
  {
    gitpod: 'Each had an interactive shell that was no login shell: it read ~/.bashrc, and ~/.profile not.',
    print: [
      'case $- in *i*) echo interactive ;; esac',
      'shopt -q login_shell || echo "no login shell"',
      'echo "~/.bashrc: ${FROM_BASHRC-not read}, ~/.profile: ${FROM_PROFILE-not read}"',
      'from_bashrc',
    ].join('\n'),
  },
  {
    gitpod:
      'The parts shared the shell: folder, variables and functions went from one to the next, aliases did not.',
    tasks: [
      {
        before: 'cd /opt; export A=1; greet() { echo "hello from $PWD, A is $A"; }; alias hi=greet',
        init: 'greet; hi 2>/dev/null || echo "no alias"',
        command: 'greet; hi 2>/dev/null || echo "no alias"',
      },
    ],
  },
  {
    gitpod: 'Tasks began in workspaceLocation.',
    print: 'pwd',
  },
  aloneStatement({
    gitpod:
      'Where workspaceLocation was no folder, such as a .code-workspace file, they began in the checkout.',
    name: 'code-workspace',
    task: { init: 'pwd' },
    config: { workspaceLocation: '/workspace/app/all.code-workspace' },
  }),
  { gitpod: 'TERM was xterm-256color.', print: 'echo "$TERM"' },
  {
    gitpod: 'A task without anything to do in a prebuild, or at a start, was no failure.',
    tasks: [{ command: 'echo command' }, { init: 'echo init' }],
  },
  {
    gitpod: 'A task ended as its last command did: a failure in the middle of a part passed.',
    tasks: [{ init: 'false\necho "went on"' }],
  },
  aloneStatement({
    gitpod: 'A part that failed skipped the parts behind it.',
    name: 'fails',
    task: { before: 'echo before\nfalse', init: 'echo init' },
  }),
  aloneStatement({
    gitpod: 'There was no other way to run tasks.',
    differs: '--strict-tasks lets any command that fails end its task.',
    name: 'strict',
    task: { init: 'false\necho "went on"' },
    strictTasks: true,
  }),
  {
    gitpod: 'exit 0 in any part ended the task as a success and skipped the rest.',
    tasks: [{ before: 'echo before; exit 0', init: 'echo init', command: 'echo command' }],
  },
  {
    gitpod: 'What a task left in the background did not hold it up.',
    tasks: [{ init: '(sleep 4711 &) ; sleep 4712 & echo "did not wait"' }],
  },
  aloneStatement({
    gitpod: 'A text that bash cannot parse swallowed the exit behind it: the prebuild hung for an hour.',
    differs: 'bash parses it before anything runs.',
    name: 'unparsable',
    task: { before: 'echo before', init: '&& echo init' },
  }),
  aloneStatement({
    gitpod: 'So did a quote that stayed open.',
    differs: 'the same.',
    name: 'open-quote',
    task: { init: 'echo one\necho "two' },
  }),
  aloneStatement({
    gitpod: 'So did a backslash at the end.',
    differs: 'the same.',
    name: 'backslash',
    task: { init: 'echo one \\' },
  }),
  {
    gitpod: 'An exclamation mark in quotes was expanded from the history, and hung too.',
    differs: 'tasks are scripts, and it is no more than text.',
    print: 'echo "wow!word"',
  },
  {
    gitpod: 'What read from the terminal hung too.',
    differs: 'standard input ends at once, in a build and where the image has no tmux.',
    print: 'read -r -p "Your name? " name || echo "nobody answers"',
  },
  aloneStatement({
    gitpod: 'A terminal that stayed open ended the prebuild after an hour, which nobody could change.',
    differs: '--task-timeout and --tasks-timeout say how long, and what was printed last is told.',
    name: 'waits',
    task: { init: 'echo waiting; sleep 4711' },
    limits: { task: 1000 },
  }),
  {
    gitpod: 'A failed task left the prebuild available, with its snapshot; starts took it.',
    differs: 'the build fails, no image is published, and a start takes the nearest one that is whole.',
    ask: async ({ clone, configWith, run }) => {
      await clone.commit({ '.gitpod.yml': configWith([FAILING]) });
      const built = await run(['build', '--quiet']);
      const { stdout } = await run(['start', '--print']);
      return [
        ['init', FAILING.init],
        ['build →', `exit code ${built.exitCode}; ${found(built.stderr, /is not warm: .*/)}`],
        ['start →', found(stdout, /commit \w+, \d behind/)],
      ];
    },
  },
  {
    gitpod:
      'A start from the prebuild of an ancestor ran before, init and command, on top of the files from then.',
    differs:
      'init ran in a build and runs at no start; the workspace has that commit checked out, and says so.',
    ask: async ({ start, printedIn, inside }) => {
      const { name, why } = await start('HEAD~1');
      const head = await inside('git log -1 --format=%H; git branch --show-current', name);
      return [
        ['why', why],
        ['commit', head],
        ['start →', await printedIn(name, '2.1.1')],
      ];
    },
  },
  {
    gitpod: 'A workspace that was stopped and started again ran before and command.',
    ask: async ({ container, printedIn }) => {
      await execa('docker', ['restart', '--time', '10', container]);
      return [['restart →', await printedIn(container, '2.1.1')]];
    },
  },
  {
    gitpod: 'A start from a prebuild printed the log of the prebuild in front of command.',
    differs:
      'that log is the step’s in Pipelines; an image holds none, so that equal tasks give equal images.',
    ask: async ({ container, printedIn }) => [['start →', await printedIn(container, '2.1.1')]],
  },
];

const FAILING: NamedTask & { readonly init: string } = {
  name: 'fails',
  init: '[ -e ../../made-by-a-task ] || echo "nothing of an earlier build is here"; exit 3',
};

function found(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? `nothing of the kind: ${text}`;
}
