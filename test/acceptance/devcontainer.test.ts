import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageConfig } from '../../src/oci/image-config.ts';
import { Manifest } from '../../src/oci/manifest.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { readLayoutFile } from '../support/published-file.ts';
import { makeTaskImage, type TaskImage } from '../support/task-image.ts';

const PASSWD = 'root:x:0:0::/root:/bin/bash\ndev:x:1234:1234::/home/dev:/bin/bash\n';
const dockerfile = (image: string): string =>
  `ARG TAG=none\nFROM ${image.replace(/:[^:]*$/, '')}:$TAG AS dev\nARG SAYS\nCOPY --chown=0:0 passwd /etc/passwd\nCOPY --chown=1234:1234 home /home/dev\nENV BASE=$SAYS\n` +
  `LABEL devcontainer.metadata='[{"remoteUser":"dev"},{"customizations":{"x":1}}]'\nFROM scratch\n`;
const fileFor = (image: string): string => `{
  // The image of the team.
  "build": { "dockerfile": "Dockerfile", "target": "dev", "args": { "SAYS": "base", "TAG": "${image.replace(/^.*:/, '')}" } },
  "containerEnv": { "INSIDE": "in side" },
  "remoteEnv": { "PATH": "\${containerEnv:PATH}:/opt/tools", "BOTH": "\${containerEnv:BASE} \${containerEnv:INSIDE}" },
  "onCreateCommand": "echo \\"$PWD $BOTH\\" > on-create && echo $PATH > path",
  "updateContentCommand": ["cp", "on-create", "update-content"],
  // preheat: inputs=lock.txt
  "postCreateCommand": {
    "first": "while [ ! -e met ]; do sleep 0.05; done; cp update-content post-create",
    "second": ["touch", "met"],
  },
  "postStartCommand": "echo started > started",
  "forwardPorts": [3000],
  "portsAttributes": { "3000": { "label": "web" } },
  "customizations": { "vscode": { "extensions": ["pub.a"], "settings": { "x": 1 } } },
}
`;
const TOP = 'workspaces/app';

describe('a build of a devcontainer.json', () => {
  const stack = new AsyncDisposableStack();
  let image: TaskImage;
  let clone: TestClone;
  let layout: string;
  let first: Run;
  const build = (...words: readonly string[]): Promise<Run> =>
    preheat(['build', '--registry', `oci:${layout}`, ...words], { cwd: clone.directory });
  const blob = async (digest: string): Promise<Buffer> =>
    await readFile(join(layout, 'blobs', digest.replace(':', '/')));
  const file = async (path: string): Promise<string | undefined> => {
    const { digest = '' } = await readOutcome(clone.directory);
    return await readLayoutFile(layout, digest, path);
  };

  before(async () => {
    image = stack.use(await makeTaskImage());
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-devcontainer-')));
    layout = join(folder.path, 'images');
    clone = stack.use(
      await makeClone({
        '.devcontainer/devcontainer.json': fileFor(image.name),
        '.devcontainer/Dockerfile': dockerfile(image.name),
        '.devcontainer/passwd': PASSWD,
        '.devcontainer/home/.bashrc': 'export FROM_HOME=1\n',
        'lock.txt': 'lock\n',
        'README.md': 'hello\n',
      }),
    );
    first = await build();
    assert.equal(first.exitCode, 0, first.stderr);
  });
  after(() => stack.disposeAsync());

  it('runs what belongs to a build, in order, in its folder and with its environment', async () => {
    assert.equal(await file(`${TOP}/on-create`), `/${TOP} base in side\n`);
    assert.match((await file(`${TOP}/path`)) ?? '', /:\/opt\/tools\n$/);
    assert.equal(await file(`${TOP}/post-create`), `/${TOP} base in side\n`);
    assert.equal(await file(`${TOP}/started`), undefined);
    assert.match(first.stderr, /preheat: postCreateCommand/);
  });

  it('keeps what belongs to a start for each start', async () => {
    const script = (await file('.preheat/tasks/0.sh')) ?? '';
    assert.match(script, /\/bin\/sh -c 'echo started > started'/);
    assert.match(script, /\nexport INSIDE='in side'\n/);
    assert.doesNotMatch(script, /on-create/);
  });

  it('makes an image that clients open as the file says, as the user that its base names', async () => {
    const { digest = '' } = await readOutcome(clone.directory);
    const manifest = Manifest.parse(JSON.parse((await blob(digest)).toString()));
    const { config } = ImageConfig.parse(JSON.parse((await blob(manifest.config.digest)).toString()));
    assert.equal(config?.User, 'dev');
    assert.equal(config?.WorkingDir, `/${TOP}`);
    assert.ok(config?.Env?.includes('INSIDE=in side'));
    const label: unknown = JSON.parse(config?.Labels?.['devcontainer.metadata'] ?? '');
    assert.deepEqual(label, [
      { remoteUser: 'dev' },
      { customizations: { x: 1 } },
      {
        remoteUser: 'dev',
        updateRemoteUserUID: false,
        overrideCommand: true,
        postStartCommand: '/.preheat/start true',
        containerEnv: { INSIDE: 'in side' },
        remoteEnv: {
          PATH: '${containerEnv:PATH}:/opt/tools',
          BOTH: '${containerEnv:BASE} ${containerEnv:INSIDE}',
        },
        forwardPorts: [3000],
        portsAttributes: { '3000': { label: 'web' } },
        customizations: { vscode: { extensions: ['pub.a'], settings: { x: 1 } } },
      },
    ]);
  });

  it('runs nothing again at a commit that changes none of the inputs that a comment declares', async () => {
    await clone.commit({ 'README.md': 'other\n' });
    assert.equal((await build()).exitCode, 0);
    assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [
      { name: 'tasks', outcome: 'reused' },
    ]);
    await clone.commit({
      '.devcontainer/devcontainer.json': fileFor(image.name).replace('lock.txt', 'lock.txt,none'),
    });
    const { stderr } = await preheat(['plan', '--registry', `oci:${layout}`], { cwd: clone.directory });
    assert.match(stderr, /devcontainer\.json:8:31 warning inputs: none is not in this commit/);
  });

  it('builds the base again for another argument', async () => {
    const other = fileFor(image.name).replace('"SAYS": "base"', '"SAYS": "other"');
    await clone.commit({ '.devcontainer/devcontainer.json': other });
    assert.equal((await build()).exitCode, 0);
    assert.partialDeepStrictEqual((await readOutcome(clone.directory)).steps, [
      { name: 'base', outcome: 'ran' },
      { name: 'tasks', outcome: 'ran' },
    ]);
    assert.equal(await file(`${TOP}/on-create`), `/${TOP} other in side\n`);
  });

  it('takes the only file in a folder of .devcontainer, else the one that is asked for', async () => {
    await clone.git('mv', '.devcontainer/devcontainer.json', '.devcontainer/old.json');
    const nested = (text: string): string =>
      `{ "image": "${image.name}", "onCreateCommand": "echo ${text} > made" }`;
    const path = (name: string): string => `.devcontainer/${name}/devcontainer.json`;
    await clone.commit({ [path('one')]: nested('one') });
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /the configuration is \.devcontainer\/one\/devcontainer\.json$/m);
    assert.equal(await file(`${TOP}/made`), 'one\n');
    await clone.commit({ [path('two')]: nested('two') });
    const several = await build();
    assert.equal(several.exitCode, 20);
    assert.match(several.stderr, /cannot choose a workspace configuration: .*\/one\/.*, .*\/two\/.*/);
    assert.equal((await build('--config-file', path('two'))).exitCode, 0);
    assert.equal(await file(`${TOP}/made`), 'two\n');
  });

  it('ends at what is refused, with its line', async () => {
    await clone.commit({
      '.devcontainer/devcontainer.json': '{\n  "image": "x",\n  "features": { "a": {} }\n}\n',
    });
    const { exitCode, stderr } = await build();
    assert.equal(exitCode, 20);
    assert.match(stderr, /\.devcontainer\/devcontainer\.json:3:3 error "features" is refused/);
  });
});
