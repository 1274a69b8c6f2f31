import { aloneStatement } from './run-alone.ts';
import type { WorkspaceStatement } from './task-statement.ts';

/** A line for bash that prints variables, one a line. */
const printed = (...names: readonly string[]): string =>
  `for name in ${names.join(' ')}; do echo "$name=\${!name-(not set)}"; done`;

/** One that prints the names of those that are set. */
const setOf = (names: readonly string[]): string =>
  `for name in ${names.join(' ')}; do [ -z "\${!name+set}" ] || echo "$name"; done | grep . || echo "none of them"`;

const SET = [
  'GITPOD_REPO_ROOT',
  'GITPOD_REPO_ROOTS',
  'GITPOD_WORKSPACE_ID',
  'GITPOD_INSTANCE_ID',
  'GITPOD_HOST',
  'GITPOD_WORKSPACE_URL',
  'GITPOD_WORKSPACE_CLUSTER_HOST',
  'THEIA_WORKSPACE_ROOT',
];
const OF_SERVERS = [
  'GITPOD_OWNER_ID',
  'GITPOD_WORKSPACE_CLASS',
  'GITPOD_WORKSPACE_CONTEXT',
  'GITPOD_WORKSPACE_CONTEXT_URL',
  'GITPOD_TASKS',
  'GITPOD_MEMORY',
  'GITPOD_CPU_COUNT',
  'GITPOD_INTERVAL',
  'GITPOD_THEIA_PORT',
  'GITPOD_DEFAULT_WORKSPACE_IMAGE',
  'GITPOD_COMMIT_ANNOTATION_ENABLED',
  'GITPOD_SSH_CA_PUBLIC_KEY',
  'VSX_REGISTRY_URL',
  'SUPERVISOR_ADDR',
];
const OF_EDITORS = ['GP_OPEN_EDITOR', 'GP_PREVIEW_BROWSER', 'GP_EXTERNAL_BROWSER', 'EDITOR', 'GIT_EDITOR'];

/** What tasks saw around them in Gitpod. */
export const ENVIRONMENT: readonly WorkspaceStatement[] = [
  {
    gitpod: 'Tasks ran as gitpod (33333), with its HOME and USER, whatever USER the image named.',
    print: 'echo "$(id -u):$(id -g) $(id -un) $HOME $USER"',
  },
  aloneStatement({
    gitpod: 'An image without that account got it.',
    differs: 'the base stays as it is: tasks run as its own user.',
    name: 'no-gitpod',
    task: {
      init: 'echo "$(id -u):$(id -g) $(id -un) $HOME $USER"; grep gitpod /etc/passwd || echo "no gitpod"',
    },
  }),
  {
    gitpod: 'That account could become root without a password.',
    differs: 'nothing is installed into the image; where it has sudo and lets gitpod use it, that works.',
    print: 'command -v sudo || echo "no sudo in this image"',
  },
  {
    gitpod: 'The ENV of the image counted; its WORKDIR and ENTRYPOINT did not.',
    print: 'echo "OF_THE_IMAGE=$OF_THE_IMAGE"; pwd',
  },
  {
    gitpod: 'A volume hid what the image had in /workspace.',
    differs: 'it stays: a workspace is one file system.',
    print: 'cat /workspace/of-the-image',
  },
  {
    gitpod: 'Variables told of the workspace, and its id and address were others at each start.',
    differs: 'they follow from its folders, so that what a build writes down stays true.',
    print: printed(...SET),
  },
  {
    gitpod: 'GITPOD_HEADLESS was true in a prebuild, and told it apart.',
    print: 'echo "${GITPOD_HEADLESS-not set}"',
  },
  {
    gitpod: 'Others told of its servers, of the machine and of the context.',
    differs:
      'they are not set: there are no such servers, and what changes from push to push would run tasks again.',
    print: setOf(OF_SERVERS),
  },
  {
    gitpod: 'HISTFILE and PROMPT_COMMAND kept the history of all shells below /workspace.',
    differs: 'the history of a shell is the user’s own, and tasks leave none.',
    print: `echo "\${PROMPT_COMMAND-not set}"; ls ~/.bash_history 2>/dev/null || echo "no history"`,
  },
  {
    gitpod: 'An editor added its own variables; a prebuild had none of them.',
    differs: 'an editor that attaches sets what it wants in its terminals.',
    print: setOf(OF_EDITORS),
  },
  {
    gitpod: 'No variable told a task which one it is.',
    print: 'env | grep ^GITPOD_TASK_ || echo none',
  },
  {
    gitpod: 'The env of a task won over that of the file, and Gitpod’s own over the file’s.',
    tasks: [
      {
        before: printed('OF_THE_FILE', 'OF_BOTH', 'GITPOD_WORKSPACE_ID'),
        env: { OF_BOTH: 'of the task' },
      },
    ],
  },
  {
    gitpod: 'In the env of a task texts counted as they are, without expansion, and all else as JSON.',
    tasks: [
      {
        before: printed('TEXT', 'NUMBER', 'BOOLEAN', 'MAP'),
        env: { TEXT: '${HOME} $(id)', NUMBER: 3, BOOLEAN: true, MAP: { a: [1, 2] } },
      },
    ],
  },
  {
    gitpod: 'Hidden variables of the project were there in prebuilds only.',
    print: 'echo "TOKEN has ${#TOKEN} characters"',
  },
  {
    gitpod: 'git of every user had safe.directory=* and push.default=simple.',
    differs: 'the second has been git’s own default since 2.0.',
    print: 'git config --get-all safe.directory; git st --short --branch | head -n 1',
  },
  {
    gitpod: 'git had the name and address of who had the prebuild made, or started the workspace.',
    differs: 'a build has no person; a workspace of preheat start has the one of the clone.',
    print: 'git config user.name || echo nobody; git config user.email || echo "no address"',
  },
  {
    gitpod: 'git could ask for that person’s token.',
    differs: 'tasks get no credentials but those that --task-secrets names.',
    print:
      'git config credential.helper || echo "no helper"; git config remote.origin.url || echo "no remote"',
  },
  {
    gitpod: 'A prebuild could trace no process of others, and had no rights of the machine.',
    print: 'grep CapEff /proc/self/status | tr "\\t" " "',
  },
  {
    gitpod: 'An address that init wrote down was the prebuild’s, and wrong in every workspace.',
    differs: 'it is the same in both; preheat validate notes it nevertheless.',
    tasks: [
      {
        init: 'gp url 8000 >~/address; cat ~/address',
        command: 'cat ~/address; gp url 8000',
      },
    ],
  },
];
