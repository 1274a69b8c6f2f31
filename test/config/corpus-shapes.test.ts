import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/config/read-config.ts';
import type { Task, WorkspaceConfig } from '../../src/config/workspace-config.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/gitpod');

/** The shape of a task: its parts by their names. */
const partsOf = (task: Task): string =>
  (['before', 'init', 'prebuild', 'command'] as const).filter((part) => task[part] !== undefined).join('+');
const hasTask =
  (parts: string): Holds =>
  ({ tasks }) =>
    tasks.some((task) => partsOf(task) === parts);
const says =
  (part: 'before' | 'init' | 'prebuild' | 'command', pattern: RegExp): Holds =>
  ({ tasks }) =>
    tasks.some((task) => pattern.test(task[part] ?? ''));
const written =
  (pattern: RegExp): Holds =>
  (_config, text) =>
    pattern.test(text);
const based =
  (pattern: RegExp): Holds =>
  ({ base }) =>
    pattern.test(base.kind === 'reference' ? base.reference : base.file);

type Holds = (config: WorkspaceConfig, text: string) => boolean;

/** Shapes that files in public have, each with a file of ours that has it too. */
const SHAPES: readonly (readonly [shape: string, file: string, holds: Holds])[] = [
  ['no image', 'no-image', written(/^tasks:\n(?![^]*image:)/)],
  [
    'an image alone',
    'image-only',
    ({ tasks, ports }, text) => tasks.length + ports.length === 0 && /^image: \S+\n$/.test(text),
  ],
  ['an image without a tag', 'only-before', based(/^node$/)],
  ['an image with a moving tag', 'forgotten-values', based(/:lts$/)],
  ['an image of Gitpod, latest', 'docker-in-init', based(/^gitpod\/workspace-full:latest$/)],
  ['an image with a dated tag', 'image-only', based(/:2026-10-01-08-00-00$/)],
  [
    'an image of a private registry',
    'private-registry-by-digest',
    based(/^registry\.example\.com:5000\/.*@sha256:/),
  ],
  ['a .gitpod.Dockerfile', 'dockerfile-at-root', based(/^\.gitpod\.Dockerfile$/)],
  ['a .gitpod.dockerfile', 'lower-case-dockerfile', based(/^\.gitpod\.dockerfile$/)],
  ['a Dockerfile', 'package-managers', based(/^Dockerfile$/)],
  ['a Dockerfile in a folder', 'six-terminals', based(/^\.gitpod\/Dockerfile$/)],
  [
    'a Dockerfile with a context',
    'dockerfile-in-folder',
    ({ base }) => base.kind === 'dockerfile' && base.context === 'tools',
  ],
  ['no tasks, only ports', 'ports-only', ({ tasks, ports }) => tasks.length === 0 && ports.length === 2],
  [
    'no tasks, only extensions',
    'extensions',
    ({ tasks, extensions }) => tasks.length === 0 && extensions.length === 4,
  ],
  ['one task', 'starts-with-and', ({ tasks }) => tasks.length === 1],
  ['two or three tasks', 'signals-for-starts', ({ tasks }) => tasks.length === 3],
  ['six tasks', 'six-terminals', ({ tasks }) => tasks.length === 6],
  ['ten tasks', 'package-managers', ({ tasks }) => tasks.length === 10],
  [
    'nothing for a build to do',
    'only-commands',
    ({ tasks }) => tasks.length === 3 && tasks.every((task) => partsOf(task) === 'command'),
  ],
  [
    'work for a build in several tasks',
    'six-terminals',
    ({ tasks }) => tasks.filter(({ before, init }) => before ?? init).length > 2,
  ],
  [
    'unnamed tasks',
    'lower-case-dockerfile',
    ({ tasks }) => tasks.every(({ name }, index) => name === `Task ${index + 1}`),
  ],
  ['a task of command', 'identical-installs', hasTask('init+command')],
  ['a task of command alone', 'six-terminals', hasTask('command')],
  ['a task of init alone', 'rc-files', hasTask('init')],
  ['a task of before, init and command', 'outside-of-the-checkout', hasTask('before+init+command')],
  ['a task of before alone', 'only-before', hasTask('before')],
  ['a task of before and init', 'six-terminals', hasTask('before+init')],
  ['a task of before and command', 'only-before', hasTask('before+command')],
  ['a task of prebuild and command', 'prebuild-and-background', hasTask('prebuild+command')],
  ['a task of prebuild alone', 'only-prebuild', hasTask('prebuild')],
  ['a task of a name alone', 'only-before', hasTask('')],
  [
    'a name split from its task',
    'name-split-from-its-task',
    ({ tasks }) => tasks.map(partsOf).join() === ',before',
  ],
  ['an init of several lines', 'docker-in-init', says('init', /\n.*\n/)],
  ['an init of several lines that stops at errors', 'six-terminals', says('init', /^set -euo pipefail\n/)],
  ['a before of several lines', 'outside-of-the-checkout', says('before', /\n.*\n/)],
  ['a prebuild of several lines', 'prebuild-and-background', says('prebuild', /\n.*\n/)],
  ['a command of several lines', 'six-terminals', says('command', /\n.*\n/)],
  ['a literal block', 'docker-in-init', written(/init: \|\n/)],
  [
    'a folded block of joined commands',
    'parallel-tasks-with-sync',
    says('init', /^gp sync-await database && npm ci && npm run build\n$/),
  ],
  [
    'a folded block that joins lines into one command',
    'lower-case-dockerfile',
    says('init', /^poetry install --no-root\n$/),
  ],
  ['a folded block without its last line end', 'block-styles', says('init', /^echo one && echo two$/)],
  [
    'a plain text of several lines that ends with "&"',
    'prebuild-and-background',
    says('init', /^while .* done &$/),
  ],
  ['gp url in init', 'baked-addresses', says('init', /\$\(gp url 8000\)/)],
  ['gp url in before', 'baked-addresses', says('before', /\$\(gp url 3000\)/)],
  ['gp sync-done and gp sync-await', 'parallel-tasks-with-sync', says('init', /gp sync-await database/)],
  ['gp await-port', 'baked-addresses', says('command', /gp await-port 8000/)],
  ['gp ports await', 'parallel-tasks-with-sync', says('command', /gp ports await 5432/)],
  ['gp preview', 'six-terminals', says('command', /gp preview .* --external/)],
  ['gp open', 'baked-addresses', says('command', /gp open README\.md/)],
  ['gp env', 'baked-addresses', says('command', /eval "\$\(gp env -e\)"/)],
  [
    'a signal of init that a start waits for',
    'signals-for-starts',
    says('command', /^gp sync-await dependencies/),
  ],
  ['a signal that nobody waits for', 'signals-for-starts', says('init', /gp sync-done finished/)],
  ['something in the background in before', 'six-terminals', says('before', /&$/)],
  ['something in the background in prebuild', 'prebuild-and-background', says('prebuild', /\(docker-up &\)/)],
  ['something in the background in command', 'only-commands', says('command', /^\(mongod [^)]*&\) && gp/)],
  ['a program in the background, and another', 'only-commands', says('command', / &\nnpm run serve/)],
  ['exit 0 in before', 'prebuild-and-background', says('before', /\nexit 0\n/)],
  ['exit 0 in command', 'lower-case-dockerfile', says('command', /^exit 0$/)],
  ['exit 0 in init', 'only-prebuild', says('init', /\nexit 0\n$/)],
  ['a failure of command that does not count', 'only-commands', says('command', /\|\| true$/)],
  [
    'a limit of time and a failure that does not count',
    'no-final-newline',
    says('init', /timeout 50m make .* \|\| true/),
  ],
  [
    'packages and programs outside of /workspace',
    'outside-of-the-checkout',
    says('init', /apt-get install[^]*\/usr\/local/),
  ],
  [
    'global packages and files of the home in before',
    'outside-of-the-checkout',
    says('before', /npm install -g[^]*~\/\.bashrc/),
  ],
  ['a download that is run', 'outside-of-the-checkout', says('init', /curl .* \| bash/)],
  ['a download that is run in before', 'only-prebuild', says('before', /curl .* \| sh\nexport PATH=/)],
  ...['npm', 'yarn', 'pnpm', 'make', 'go', 'composer', 'bundle', 'pip', 'mvn', 'dotnet'].map(
    (program) =>
      [`${program} in init`, 'package-managers', says('init', new RegExp(`\\b${program} `))] as const,
  ),
  ['conda in init', 'rc-files', says('init', /conda env/)],
  ['apt in init', 'outside-of-the-checkout', says('init', /apt-get install/)],
  ['lake in init', 'only-prebuild', says('init', /\nlake build\n/)],
  ['docker in init', 'docker-in-init', says('init', /docker-compose pull[^]*docker build/)],
  [
    'shell functions, nvm, conda, sdkman',
    'rc-files',
    says('init', /sdkman[^]*nvm use[^]*conda env[^]*\(\) \{/),
  ],
  ['a question to the person', 'six-terminals', says('command', /read -r -p/)],
  [
    'the same install in three tasks',
    'identical-installs',
    ({ tasks }) => tasks.length === 3 && tasks.every(({ init }) => init === 'yarn'),
  ],
  ['an init that begins with "&&"', 'starts-with-and', says('init', /^&&/)],
  [
    'env of text, numbers and booleans',
    'environment',
    ({ tasks }) => JSON.stringify(tasks[0]?.env).includes('"NUMBER":"3","FRACTION":"1.1"'),
  ],
  ['a port by its number', 'ports-only', ({ ports }) => ports[0]?.first === 1337],
  ['a range of ports', 'ports', ({ ports }) => ports.some(({ first, last }) => last > first)],
  ...(['notify', 'open-browser', 'open-preview', 'ignore'] as const).map(
    (onOpen) =>
      [
        `onOpen: ${onOpen}`,
        onOpen === 'open-browser' ? 'signals-for-starts' : 'six-terminals',
        ({ ports }: WorkspaceConfig) => ports.some((port) => port.onOpen === onOpen),
      ] as const,
  ),
  ['onOpen: default', 'accepted-beyond-gitpod', written(/onOpen: default/)],
  ['a port that says nothing of onOpen', 'ports-only', written(/- port: 1337\n {2}- port/)],
  [
    'a port that its task does not use',
    'only-commands',
    ({ ports, tasks }) => ports[0]?.first === 8002 && /--port 8001\n/.test(tasks[2]?.command ?? ''),
  ],
  ['a public port', 'six-terminals', ({ ports }) => ports.some(({ visibility }) => visibility === 'public')],
  [
    'a port with name and description',
    'six-terminals',
    ({ ports }) => ports.some(({ name, description }) => name !== undefined && description !== undefined),
  ],
  ['openMode and openIn', 'six-terminals', written(/openMode: split-left\n.*openIn: main/)],
  ['openMode: tab-after', 'only-commands', written(/openMode: tab-after/)],
  ['openMode: split-right', 'only-commands', written(/openMode: split-right/)],
  ['openMode: split-bottom', 'accepted-beyond-gitpod', written(/openMode: split-bottom/)],
  ['github.prebuilds', 'six-terminals', written(/prebuilds:\n +master: true/)],
  ...'master branches pullRequests pullRequestsFromForks addCheck addComment addBadge addLabel'
    .split(' ')
    .map(
      (key) =>
        [`github.prebuilds.${key}`, 'github-and-editors', written(new RegExp(`^    ${key}: `, 'm'))] as const,
    ),
  ['github.prebuilds with a key of its own', 'github-and-editors', written(/ main: true/)],
  ['addLabel as text', 'github-and-editors', written(/addLabel: [a-z]/)],
  [
    'extensions of all kinds',
    'extensions',
    ({ extensions }) =>
      [/^[\w.-]+$/, /@[\d.]+$/, /@[\d.]+:/, /\.vsix$/].every((kind) =>
        extensions.some((id) => kind.test(id)),
      ),
  ],
  [
    'a code-workspace file',
    'six-terminals',
    ({ codeWorkspace }) => codeWorkspace === '/workspace/platform.code-workspace',
  ],
  ['a checkoutLocation', 'folders', ({ checkoutLocation }) => checkoutLocation === '/workspace/group/app'],
  [
    'several repositories',
    'six-terminals',
    ({ additionalRepositories = [] }) => additionalRepositories.length === 2,
  ],
  ['gitConfig', 'many-tasks-and-repositories', ({ gitConfig }) => gitConfig?.['core.autocrlf'] === 'input'],
  ['jetbrains', 'six-terminals', ({ jetbrains }) => jetbrains?.editors['goland']?.prebuilds === 'stable'],
  ['a mark of the document', 'block-styles', written(/^---\n/)],
  ['comments', 'package-managers', written(/^# .*\nimage:/)],
  ['no last line end', 'no-final-newline', written(/[^\n]$/)],
  ['characters beyond ASCII', 'block-styles', written(/🚀[^]*数据库 –/)],
  ['a blank before the colon', 'block-styles', written(/init : /)],
  ['lists indented by one', 'block-styles', written(/^ - name/m)],
  ['lists indented by four', 'lower-case-dockerfile', written(/^ {4}- init/m)],
  [
    'variables of the workspace',
    'baked-addresses',
    says('command', /\$\{GITPOD_WORKSPACE_ID\}\.\$\{GITPOD_WORKSPACE_CLUSTER_HOST\}/),
  ],
  ['a prebuild told apart', 'docker-in-init', says('init', /GITPOD_HEADLESS/)],
  ['a prebuild told apart by its terminal', 'only-prebuild', says('init', /"\$TERM" = dumb/)],
  ['the folder that an editor opens', 'only-prebuild', says('command', /\$THEIA_WORKSPACE_ROOT/)],
];

describe('shapes of files in public', () => {
  for (const [shape, file, holds] of SHAPES)
    it(`${shape}: ${file}`, () => {
      const text = readFileSync(join(FIXTURES, 'valid', `${file}.yml`), 'utf8');
      const { config } = readConfig(text, { repositoryName: 'app' });
      assert.ok(config && holds(config, text));
    });

  it('that cannot work are refused: a deadlock of a build', () => {
    const text = readFileSync(join(FIXTURES, 'invalid/deadlock.yml'), 'utf8');
    const { config, diagnostics } = readConfig(text, { repositoryName: 'app' });
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ severity, line }) => [severity, line]),
      [['error', 9]],
    );
  });

  it('are refused by Gitpod, and not here, only where nobody loses anything', () => {
    const refused = SHAPES.flatMap(([, file]) => {
      const text = readFileSync(join(FIXTURES, 'valid', `${file}.yml`), 'utf8');
      return readConfig(text, { repositoryName: 'app', strict: true }).config === undefined ? [file] : [];
    });
    assert.deepEqual([...new Set(refused)].toSorted(), ['accepted-beyond-gitpod', 'forgotten-values']);
  });
});
