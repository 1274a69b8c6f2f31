import assert from 'node:assert/strict';
import { CLOSED_MAPS } from '../../src/config/gitpod-file.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';

/** What becomes of a value: taken by both, refused by Gitpod and lived with, or refused by both. */
type Verdict = 'taken' | 'lived with' | 'refused';

function verdictOf(text: string): Verdict {
  const [lenient, strict] = [false, true].map((mode) =>
    readConfig(text, { repositoryName: 'app', strict: mode }),
  );
  if (strict?.config !== undefined) return 'taken';
  return lenient?.config === undefined ? 'refused' : 'lived with';
}

function configOf(text: string): WorkspaceConfig {
  const { config, diagnostics } = readConfig(text, { repositoryName: 'app' });
  assert.ok(config, JSON.stringify(diagnostics));
  return config;
}

/** Each key of the file: values, and what becomes of a file with them. */
const VALUES: readonly (readonly [file: string, verdict: Verdict])[] = [
  ['image: debian', 'taken'],
  ['image: {file: Dockerfile}', 'taken'],
  ['image: {file: a/b, context: a}', 'taken'],
  ['image: {file: Dockerfile, tag: x}', 'lived with'],
  ['image: {context: a}', 'refused'],
  ['image: 3', 'refused'],
  ['image:', 'refused'],
  ['image: [a]', 'refused'],
  ['tasks: []', 'taken'],
  ['tasks: [{}]', 'taken'],
  ['tasks: [{name: a, before: b, init: c, prebuild: d, command: e}]', 'taken'],
  ['tasks: [{init: [a]}]', 'refused'],
  ['tasks: [{init: 3}]', 'refused'],
  ['tasks: [{init: }]', 'lived with'],
  ['tasks: [a]', 'refused'],
  ['tasks: [null]', 'refused'],
  ['tasks: {a: b}', 'refused'],
  ['tasks:', 'lived with'],
  ['tasks: [{env: {A: 1, B: true, C: null, D: [1], E: {f: 1}, F: x}}]', 'taken'],
  ['tasks: [{env: [A=1]}]', 'refused'],
  ...['bottom', 'main', 'left', 'right'].map((value) => [`tasks: [{openIn: ${value}}]`, 'taken'] as const),
  ['tasks: [{openIn: top}]', 'lived with'],
  ...['split-left', 'split-right', 'tab-before', 'tab-after'].map(
    (value) => [`tasks: [{openMode: ${value}}]`, 'taken'] as const,
  ),
  ...['split-top', 'split-bottom', '3'].map(
    (value) => [`tasks: [{openMode: ${value}}]`, 'lived with'] as const,
  ),
  ['ports: []', 'taken'],
  ['ports: [{port: 3000}]', 'taken'],
  ['ports: [{port: 3000-3999}]', 'taken'],
  ['ports: [{port: "3000:3999"}]', 'taken'],
  ['ports: [{port: "3000"}]', 'lived with'],
  ['ports: [{port: a}]', 'refused'],
  ['ports: [{port: 1-2-3}]', 'refused'],
  ['ports: [{port: }]', 'refused'],
  ['ports: [{onOpen: ignore}]', 'refused'],
  ['ports: [3000]', 'refused'],
  ['ports:', 'lived with'],
  ...['notify', 'open-browser', 'open-preview', 'ignore', 'ignore-completely'].map(
    (value) => [`ports: [{port: 1, onOpen: ${value}}]`, 'taken'] as const,
  ),
  ['ports: [{port: 1, onOpen: default}]', 'lived with'],
  ['ports: [{port: 1, onOpen: 3}]', 'lived with'],
  ['ports: [{port: 1, visibility: public, protocol: https, name: a, description: b}]', 'taken'],
  ['ports: [{port: 1, visibility: private, protocol: http}]', 'taken'],
  ['ports: [{port: 1, visibility: org}]', 'lived with'],
  ['ports: [{port: 1, protocol: tcp}]', 'lived with'],
  ['ports: [{port: 1, name: 3}]', 'lived with'],
  ['checkoutLocation: a/b', 'taken'],
  ['checkoutLocation: 3', 'refused'],
  ['checkoutLocation: ../a', 'refused'],
  ['workspaceLocation: a', 'taken'],
  ['workspaceLocation: a/b.code-workspace', 'taken'],
  ['workspaceLocation: ../../a', 'refused'],
  ['additionalRepositories: [{url: https://a/b}]', 'taken'],
  ['additionalRepositories: [{url: https://a/b, checkoutLocation: c}]', 'taken'],
  ['additionalRepositories: [{url: https://a/b, checkoutLocation: ../c}]', 'refused'],
  ['additionalRepositories: [{checkoutLocation: c}]', 'refused'],
  ['additionalRepositories: [https://a/b]', 'refused'],
  ['additionalRepositories:', 'lived with'],
  ['mainConfiguration: https://a/b', 'taken'],
  ['mainConfiguration: [a]', 'refused'],
  ['gitConfig: {core.autocrlf: "false"}', 'taken'],
  ['gitConfig: {core.autocrlf: false}', 'lived with'],
  ['gitConfig: {a: [b]}', 'refused'],
  ['gitConfig: {autocrlf: "false"}', 'refused'],
  ['gitConfig: {url.https://a.b/.insteadOf: "c:"}', 'taken'],
  ['additionalRepositories: [{url: https://bitbucket.org/a/b/pull-requests/1}]', 'refused'],
  ['mainConfiguration: https://github.com/a/b/pull/1', 'refused'],
  ['vscode: {}', 'taken'],
  ['vscode: {extensions: []}', 'taken'],
  ['vscode: {extensions: [a.b, a.b@1.2.3, "a.b@1.2.3:K4z==", https://a/b.vsix]}', 'taken'],
  ['vscode: {extensions: [3]}', 'lived with'],
  ['vscode: {extensions: a.b}', 'lived with'],
  ['vscode: {extensions: }', 'lived with'],
  [
    'jetbrains: {plugins: [a], intellij: {plugins: [b], prebuilds: {version: both}, vmoptions: -Xmx1g}}',
    'taken',
  ],
  ...['intellij', 'goland', 'pycharm', 'phpstorm', 'rubymine', 'webstorm', 'rider', 'clion', 'rustrover'].map(
    (name) => [`jetbrains: {${name}: {prebuilds: {version: stable}}}`, 'taken'] as const,
  ),
  ['jetbrains: {goland: {prebuilds: {version: newest}}}', 'lived with'],
  ['jetbrains: {fleet: {}}', 'lived with'],
  ['jetbrains: {plugins: a}', 'lived with'],
  ['coreDump: {enabled: true, softLimit: 0, hardLimit: 1}', 'taken'],
  ['coreDump: {enabled: yes}', 'lived with'],
  ['coreDump: {limit: 1}', 'lived with'],
  ['env: {A: b}', 'taken'],
  ['env: {A: 1}', 'lived with'],
  ['env: {A: }', 'lived with'],
  ['env: {A: [b]}', 'refused'],
  ['env: [A=b]', 'refused'],
  ['github: {prebuilds: true}', 'taken'],
  ['github: {prebuilds: {addCheck: prevent-merge-on-error, anything: [1]}}', 'taken'],
  ['github: {prebuilds: {addCheck: fail-on-error}}', 'lived with'],
  ['github: {prebuilds: {master: "yes"}}', 'lived with'],
  ['github: {badge: true}', 'lived with'],
  ['experimentalNetwork: true', 'taken'],
  ['experimentalNetwork: "on"', 'lived with'],
  ...['ide: x', 'idle: 1', 'ideCredentials: x', '_origin: repo', 'x-shared: 1'].map(
    (file) => [file, 'lived with'] as const,
  ),
  ['{}', 'taken'],
  ['', 'refused'],
  ['# nothing', 'refused'],
  ['- image: a', 'refused'],
];

describe('the keys of .gitpod.yml', () => {
  for (const [file, verdict] of VALUES)
    it(`${file || '(empty)'} is ${verdict}`, () => assert.equal(verdictOf(file), verdict));

  it('are all among them', () => {
    const files = VALUES.map(([file]) => file).join('\n');
    const missing = CLOSED_MAPS.flatMap(({ keys }) => keys).filter((key) => !files.includes(key));
    assert.deepEqual(missing, []);
  });

  it('are in the record where later stages need them', () => {
    const config = configOf(`
checkoutLocation: server
workspaceLocation: server/all.code-workspace
additionalRepositories:
  - url: https://bitbucket.org/team/web
  - { url: https://bitbucket.org/team/docs/src/main, checkoutLocation: docs/ }
mainConfiguration: https://bitbucket.org/team/config
gitConfig: { core.autocrlf: false, alias.st: status }
vscode: { extensions: [a.b, a.b@1.2.3, https://example.com/c.vsix] }
jetbrains: { plugins: [p], goland: { prebuilds: { version: latest } }, clion: { prebuilds: {} } }
coreDump: { enabled: true }
ports: [{ port: "8080", protocol: https }]
`);
    assert.deepEqual(config, {
      schemaVersion: 1,
      base: { kind: 'reference', reference: 'gitpod/workspace-full' },
      checkoutLocation: '/workspace/server',
      workspaceLocation: '/workspace/server',
      codeWorkspace: '/workspace/server/all.code-workspace',
      env: {},
      tasks: [],
      ports: [{ first: 8080, last: 8080, onOpen: 'notify', visibility: 'private', protocol: 'https' }],
      extensions: ['a.b', 'a.b@1.2.3', 'https://example.com/c.vsix'],
      additionalRepositories: [
        { url: 'https://bitbucket.org/team/web', checkoutLocation: '/workspace/web' },
        { url: 'https://bitbucket.org/team/docs/src/main', checkoutLocation: '/workspace/docs' },
      ],
      mainConfiguration: 'https://bitbucket.org/team/config',
      gitConfig: { 'core.autocrlf': 'false', 'alias.st': 'status' },
      jetbrains: {
        plugins: ['p'],
        editors: { goland: { plugins: [], prebuilds: 'latest' }, clion: { plugins: [] } },
      },
      coreDump: { enabled: true },
    });
  });

  it('leave what Gitpod refused out of the record, and keep all that stands beside it', () => {
    const config = configOf(`
tasks: [{ name: a, init: , openIn: top, command: b }]
ports: [{ port: 1, onOpen: nothing, visibility: org, name: 3, description: d }]
vscode: { extensions: [a.b, 3] }
jetbrains: { plugins: [p], goland: { plugins: 3, vmoptions: v } }
env: { A: , B: b }
`);
    assert.deepEqual(config.tasks, [{ name: 'a', command: 'b', env: {} }]);
    assert.deepEqual(config.ports, [
      { first: 1, last: 1, onOpen: 'notify', visibility: 'private', description: 'd' },
    ]);
    assert.deepEqual(config.extensions, []);
    assert.deepEqual(config.jetbrains, {
      plugins: ['p'],
      editors: { goland: { plugins: [], vmoptions: 'v' } },
    });
    assert.deepEqual(config.env, { B: 'b' });
  });

  it('give no folder to two checkouts', () => {
    const repositories = (first: string, second: string): string =>
      `additionalRepositories: [{url: a, checkoutLocation: ${first}}, {url: b, checkoutLocation: ${second}}]`;
    assert.equal(verdictOf(repositories('x', './x/')), 'refused');
    assert.equal(verdictOf(repositories('x', 'app')), 'refused');
    assert.equal(verdictOf(repositories('x', 'x/y')), 'taken');
    assert.equal(verdictOf(repositories('x', 'app/y')), 'refused');
    assert.equal(verdictOf('additionalRepositories: [{url: https://h/t/app.git}]'), 'refused');
    assert.equal(
      verdictOf('additionalRepositories: [{url: https://h/t/x}, {url: https://h/u/x.git}]'),
      'refused',
    );
  });

  it('warn of extensions that no editor finds', () => {
    const { diagnostics } = readConfig('vscode: {extensions: [a.b, prettier, "a b.c", ./own.vsix]}', {
      repositoryName: 'app',
    });
    assert.deepEqual(
      diagnostics.map(({ severity, path }) => `${severity} ${path}`),
      ['warning vscode.extensions[1]', 'warning vscode.extensions[2]', 'warning vscode.extensions[3]'],
    );
  });
});
