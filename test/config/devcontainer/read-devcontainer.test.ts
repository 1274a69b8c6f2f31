import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDevcontainer } from '../../../src/config/devcontainer/read-devcontainer.ts';
import { WorkspaceConfig } from '../../../src/config/workspace-config.ts';

const PATH = '.devcontainer/devcontainer.json';
const reading = (file: unknown, path = PATH) => {
  const text = typeof file === 'string' ? file : JSON.stringify(file, null, 2);
  return readDevcontainer(text, path, { repositoryName: 'app' });
};
/** What a file means that nothing is said about. */
const meaning = (more: object, path = PATH): WorkspaceConfig => {
  const { config, diagnostics } = reading({ image: 'debian', ...more }, path);
  assert.deepEqual(diagnostics, []);
  assert.ok(config);
  return WorkspaceConfig.parse(config);
};
/** What is said about a file: severity, place and message, and what to write. */
const said = (more: object): readonly (readonly string[])[] =>
  reading({ image: 'debian', ...more }).diagnostics.map(({ severity, path, message, suggestion }) => [
    `${severity} ${path}`,
    message,
    ...(suggestion === undefined ? [] : [suggestion]),
  ]);

describe('readDevcontainer', () => {
  it('reads the base, the folders and the users', () => {
    const config = meaning({});
    assert.deepEqual(config.base, { kind: 'reference', reference: 'debian' });
    assert.equal(config.checkoutLocation, '/workspaces/app');
    assert.equal(config.workspaceLocation, '/workspaces/app');
    assert.deepEqual([config.tasks, config.ports, config.env, config.user], [[], [], {}, {}]);
    const users = { remoteUser: 'node', containerUser: 'root' };
    assert.deepEqual(meaning(users).user, users);
    const inside = meaning({ workspaceFolder: '/workspaces/${localWorkspaceFolderBasename}/web/' });
    assert.deepEqual(
      [inside.checkoutLocation, inside.workspaceLocation],
      ['/workspaces/app', '/workspaces/app/web'],
    );
    const workspaceMount = 'source=${localWorkspaceFolder},target=/srv/code,type=bind,consistency=cached';
    const elsewhere = meaning({ workspaceMount, workspaceFolder: '/srv/code/x' });
    assert.deepEqual([elsewhere.checkoutLocation, elsewhere.workspaceLocation], ['/srv/code', '/srv/code/x']);
    assert.equal(meaning({ workspaceMount }).workspaceLocation, '/srv/code');
  });

  it('reads a Dockerfile by paths from the folder of the file', () => {
    const base = (more: object, path?: string) => meaning({ image: undefined, ...more }, path).base;
    const dockerfile = (file: string, context: string) => ({ kind: 'dockerfile', file, context });
    const build = { dockerfile: 'Dockerfile' };
    assert.deepEqual(base({ build }), dockerfile('.devcontainer/Dockerfile', '.devcontainer'));
    assert.deepEqual(
      base({ build: { dockerfile: '../docker/Dev', context: '..' } }),
      dockerfile('docker/Dev', '.'),
    );
    assert.deepEqual(base({ build }, '.devcontainer.json'), dockerfile('Dockerfile', '.'));
    assert.deepEqual(
      base({ dockerFile: 'Dockerfile', context: '../x' }),
      dockerfile('.devcontainer/Dockerfile', 'x'),
    );
    const out = reading({ build: { dockerfile: '../../Dockerfile', context: '../..' } }).diagnostics;
    assert.deepEqual(
      out.map(({ path, message }) => [path, message]),
      [
        ['build.dockerfile', 'build.dockerfile: "../Dockerfile" leads out of the repository'],
        ['build.context', 'build.context: ".." leads out of the repository'],
      ],
    );
  });

  it('reads the arguments and the stage of the build, in which variables are answered', () => {
    const args = { A: '1', EMPTY: '', NAME: '${localWorkspaceFolderBasename}', X: '${localEnv:X:x}' };
    const build = { dockerfile: 'Dockerfile', args, target: 'dev' };
    const options = { args: { A: '1', EMPTY: '', NAME: 'app', X: 'x' }, target: 'dev' };
    const base = { kind: 'dockerfile', file: '.devcontainer/Dockerfile', context: '.devcontainer' };
    assert.deepEqual(meaning({ image: undefined, build }).base, { ...base, ...options });
    const beside = { dockerFile: 'Dockerfile', build: { args, target: 'dev' } };
    assert.deepEqual(meaning({ image: undefined, ...beside }).base, { ...base, ...options });
    const empty = { dockerfile: 'Dockerfile', args: {}, target: '' };
    assert.deepEqual(meaning({ image: undefined, build: empty }).base, base);
    const wrong = {
      BUILDKIT_SYNTAX: 'other/frontend',
      'a b': '1',
      TOKEN: '${localEnv:TOKEN}',
    };
    assert.deepEqual(
      said({ image: undefined, build: { dockerfile: 'D', args: wrong, target: 'a b' } }).map(
        ([place, message = '']) => `${place}: ${message.replace(/^[^:]*: /, '')}`,
      ),
      [
        'error build.args.BUILDKIT_SYNTAX: BUILDKIT_SYNTAX is refused',
        'error build.args.a b: "a b" is no name of an ARG',
        'error build.args.TOKEN: ${localEnv:TOKEN} has no answer: a build knows nothing of the machine of whoever starts the image',
        'error build.target: "a b" is no name of a stage',
      ],
    );
  });

  it('makes one task of the commands: what a build runs, and what each start runs', () => {
    const { tasks } = meaning({
      onCreateCommand: 'a',
      updateContentCommand: ['b', 'c d'],
      postCreateCommand: { one: 'e', two: ['f'] },
      postStartCommand: 'g',
      remoteEnv: { PATH: '${containerEnv:PATH}:/x', GONE: null },
    });
    const env = `export PATH=\${PATH-''}:/x\nunset GONE\n`;
    assert.equal(tasks.length, 1);
    assert.equal(tasks[0]?.name, 'devcontainer');
    assert.equal(
      tasks[0]?.init,
      `${env}echo 'preheat: onCreateCommand' &&\n/bin/sh -c a &&\n` +
        `echo 'preheat: updateContentCommand' &&\n(exec -- b 'c d') &&\n` +
        `echo 'preheat: postCreateCommand' &&\n(\npids=\n/bin/sh -c e & pids="$pids $!"\n(exec -- f) & pids="$pids $!"\n` +
        `code=0\nfor pid in $pids; do wait "$pid" || code=$?; done\nexit "$code"\n)`,
    );
    assert.equal(tasks[0]?.command, `${env}echo 'preheat: postStartCommand' &&\n/bin/sh -c g`);
    assert.deepEqual(meaning({ postCreateCommand: '', onCreateCommand: [], postStartCommand: {} }).tasks, []);
  });

  it('answers the variables that have an answer, and leaves those of shells alone', () => {
    const text =
      'x ${containerWorkspaceFolder} ${containerWorkspaceFolderBasename} ${localEnv:NO:some} ${HOME}';
    const { tasks } = meaning({ workspaceFolder: '/srv/my app', onCreateCommand: text });
    assert.match(tasks[0]?.init ?? '', /\/bin\/sh -c 'x \/srv\/my app my app some \$\{HOME\}'$/);
  });

  it('refuses variables without an answer by name, where they change the image', () => {
    assert.deepEqual(said({ postCreateCommand: 'echo ${localEnv:TOKEN} ${localWorkspaceFolder}' }), [
      [
        'error postCreateCommand',
        'postCreateCommand: ${localEnv:TOKEN} has no answer: a build knows nothing of the machine of whoever starts the image',
        'give it a default: ${localEnv:TOKEN:…}',
      ],
      [
        'error postCreateCommand',
        'postCreateCommand: ${localWorkspaceFolder} has no answer: there is no folder on the machine of whoever starts the image',
      ],
    ]);
    assert.match(
      said({ postStartCommand: { a: ['x', '${containerEnv:HOME}'] } })[0]?.[1] ?? '',
      /in "remoteEnv" alone/,
    );
    assert.match(said({ image: 'a:${devcontainerId}' })[0]?.[1] ?? '', /one image serves many containers/);
  });

  it('sets variables of the container, and leaves out those that the machine of a person has', () => {
    const { config, diagnostics } = reading({
      image: 'debian',
      containerEnv: { A: '1', B: '${localEnv:B}', C: '${containerWorkspaceFolder}/c' },
      remoteEnv: { D: '${containerEnv:A}-${containerEnv:NONE:no ne}', E: '${localEnv:E}' },
      postStartCommand: 'x',
    });
    assert.deepEqual(config?.env, { A: '1', C: '/workspaces/app/c' });
    assert.deepEqual(config?.containerEnv, config?.env);
    assert.match(config?.tasks[0]?.command ?? '', /^export D=1-\$\{NONE-'no ne'\}\n/);
    assert.deepEqual(
      diagnostics.map(({ severity, path, line }) => [severity, path, line]),
      [
        ['warning', 'containerEnv.B', 5],
        ['warning', 'remoteEnv.E', 10],
      ],
    );
    // On that machine, clients have the answer.
    assert.deepEqual(config?.clients?.['remoteEnv'], {
      D: '${containerEnv:A}-${containerEnv:NONE:no ne}',
      E: '${localEnv:E}',
    });
  });

  it('reads ports with what is said of them', () => {
    const portsAttributes = {
      '3000': { label: 'web', onAutoForward: 'openBrowser', protocol: 'https' },
      '5000-5010': { onAutoForward: 'ignore' },
      '.+/server\\.js': { label: 'x' },
    };
    const config = meaning({ forwardPorts: [3000, 'localhost:5005', 8080], portsAttributes });
    assert.deepEqual(config.ports, [
      {
        first: 3000,
        last: 3000,
        onOpen: 'open-browser',
        visibility: 'private',
        protocol: 'https',
        name: 'web',
      },
      { first: 5005, last: 5005, onOpen: 'ignore-completely', visibility: 'private' },
      { first: 8080, last: 8080, onOpen: 'notify', visibility: 'private' },
    ]);
    assert.deepEqual(config.clients?.['portsAttributes'], portsAttributes);
    assert.deepEqual(said({ forwardPorts: ['db:5432', 70_000] }), [
      [
        'warning forwardPorts[0]',
        'forwardPorts: "db:5432" is no port of this container; it is left out',
        'write a number such as 3000',
      ],
      ['warning forwardPorts[1]', '70000 is no port: ports go from 1 to 65535; the entry is left out'],
    ]);
  });

  it('hands editors their settings, in the old place too', () => {
    const customizations = { vscode: { extensions: ['a.b'], settings: { x: 1 } }, other: { y: [2] } };
    const config = meaning({ customizations });
    assert.deepEqual(config.extensions, ['a.b']);
    assert.deepEqual(config.clients, { customizations });
    const old = meaning({ extensions: ['a.b'], settings: { x: 1 } });
    assert.deepEqual(old.extensions, ['a.b']);
    assert.deepEqual(old.clients, {
      customizations: { vscode: { extensions: ['a.b'], settings: { x: 1 } } },
    });
    const long = reading({
      image: 'debian',
      customizations: { vscode: { extensions: ['a.b'], settings: { x: 'x'.repeat(4000) } } },
    });
    assert.deepEqual(long.config?.clients, { customizations: { vscode: { extensions: ['a.b'] } } });
    assert.match(long.diagnostics[0]?.message ?? '', /has no room for "customizations"/);
  });

  it('refuses Features and Compose by name, and says what to do', () => {
    const features = { 'ghcr.io/devcontainers/features/node:1': {} };
    const { config, diagnostics } = reading(
      `{\n  "image": "debian",\n  // more\n  "features": ${JSON.stringify(features)},\n}\n`,
    );
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ frame: _frame, ...finding }) => finding),
      [
        {
          severity: 'error',
          message: '"features" is refused: Features are not installed',
          path: 'features',
          line: 4,
          column: 3,
          endColumn: 13,
          suggestion: 'name an image that has them, or install them in a Dockerfile',
        },
      ],
    );
    assert.match(diagnostics[0]?.frame ?? '', /^> 4 \| {3}"features": .*\n {4}\| {3}\^{10}$/m);
    assert.deepEqual(said({ features: {} }), []);
    assert.deepEqual(
      said({ image: undefined, dockerComposeFile: 'x.yml', service: 'app', runServices: ['db'] }).map(
        ([at]) => at,
      ),
      ['error dockerComposeFile'],
    );
    assert.deepEqual(
      said({
        image: undefined,
        build: { dockerfile: 'D', args: { A: '1' }, target: 'dev', options: ['--x'], cacheFrom: 'y' },
      }).map(([at]) => at),
      ['error build.options', 'info build.cacheFrom'],
    );
  });

  it('says of the rest that it is not acted on, unless it says nothing', () => {
    const keys = ['mounts', 'runArgs', 'capAdd', 'securityOpt', 'initializeCommand', 'appPort'];
    assert.deepEqual(
      said(Object.fromEntries(keys.map((key) => [key, ['x']]))).map(([at]) => at),
      keys.map((key) => `warning ${key}`),
    );
    assert.deepEqual(said(Object.fromEntries(keys.map((key) => [key, []]))), []);
    assert.deepEqual(said({ privileged: false, overrideCommand: true, $schema: 'x', name: 'x' }), []);
    assert.deepEqual(
      said({ privileged: true, overrideCommand: false }).map(([at]) => at),
      ['warning privileged', 'warning overrideCommand'],
    );
    assert.deepEqual(said({ postCreateComand: 'x' }), [
      ['warning postCreateComand', 'unknown key "postCreateComand"', 'did you mean "postCreateCommand"?'],
    ]);
  });

  it('tells wrong types at their place, and a file without a base', () => {
    assert.deepEqual(said({ remoteUser: 3, forwardPorts: 'x', containerEnv: { A: 1 } }), [
      ['error remoteUser', 'remoteUser: expected a string, got the number 3', 'put it in quotes: "3"'],
      ['error forwardPorts', 'forwardPorts: expected a list, got "x"'],
      [
        'error containerEnv.A',
        'containerEnv.A: expected a string, got the number 1',
        'put it in quotes: "1"',
      ],
    ]);
  });

  for (const [what, more, message] of [
    ['a file without a base', { image: undefined }, /names no base/],
    ['two bases', { build: { dockerfile: 'D' } }, /exclude each other/],
    ['a folder of which nothing is kept', { workspaceFolder: '/tmp/x' }, /in \/tmp, of which no image keeps/],
    ['a folder that is no absolute path', { workspaceFolder: 'x' }, /is no absolute path/],
    ['a folder in itself', { workspaceFolder: '${containerWorkspaceFolder}/x' }, /it is what is told here/],
    ['a checkout at the root', { workspaceFolder: '/x/..' }, /is the root of the file system/],
    ['a checkout in a volume', { workspaceMount: 'source=v,target=/x,type=volume' }, /only a bind mount/],
    ['a checkout that is not there', { workspaceMount: '' }, /only a bind mount/],
  ] as const) {
    it(`refuses ${what}`, () => {
      const [place, text = ''] = said(more)[0] ?? [];
      assert.match(text, message);
      assert.match(place ?? '', /^error /);
    });
  }

  it('takes the last of two equal keys, the users that variables mean, and a Dockerfile beside its options', () => {
    const twice = reading('{"image": "a", "image": "b", "remoteUser": "${localEnv:DEV_USER:vscode}"}');
    assert.deepEqual(twice.config?.base, { kind: 'reference', reference: 'b' });
    assert.deepEqual(twice.config.user, { remoteUser: 'vscode' });
    assert.deepEqual(
      twice.diagnostics.map(({ severity }) => severity),
      ['warning'],
    );
    const old = reading('{"dockerFile": "Dockerfile", "context": "..", "build": {"cacheFrom": "x"}}');
    assert.deepEqual(old.config?.base, {
      kind: 'dockerfile',
      file: '.devcontainer/Dockerfile',
      context: '.',
    });
  });

  it('refuses what is no map', () => {
    assert.match(reading('[]').diagnostics[0]?.message ?? '', /expected a map, got a list/);
  });

  it('reads declared inputs from comments of the file', () => {
    const text =
      '{\n  "image": "debian",\n  // preheat: inputs=b, a/\n  "postCreateCommand": "x // preheat: inputs=c"\n}';
    assert.deepEqual(reading(text).config?.tasks[0]?.inputs, ['a', 'b']);
    const wrong = reading(text.replace('b, a/', '../x')).diagnostics;
    assert.deepEqual(
      wrong.map(({ line, column, severity }) => [line, column, severity]),
      [[3, 22, 'error']],
    );
  });

  it('throws for no file', () => {
    const keys = [
      'image',
      'build',
      'remoteEnv',
      'postCreateCommand',
      'forwardPorts',
      'workspaceMount',
      'customizations',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (file) => {
        const { config, diagnostics } = reading(file);
        assert.equal(
          config === undefined,
          diagnostics.some(({ severity }) => severity === 'error'),
        );
      }),
    );
  });
});
