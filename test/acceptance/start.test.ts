import assert from 'node:assert/strict';
import { execa } from 'execa';
import { StartResult } from '../../src/start/start-result.ts';
import { makeClone, type TestClone } from '../support/clone.ts';
import { preheat } from '../support/preheat.ts';

const GITPOD_YML = `image: node:24-bookworm
tasks:
  - name: server
    before: export GREETING=hello
    init: echo "made by $(whoami)" > made.txt
    command: |
      node -e 'require("http").createServer((q, a) => a.end(process.env.GREETING)).listen(8080)'
ports:
  - port: 8080
vscode:
  extensions: [dbaeumer.vscode-eslint]
`;

describe('preheat start', () => {
  let clone: TestClone;
  let loaded: string | undefined;
  const run = (...words: readonly string[]) => preheat(words, { cwd: clone.directory });

  before(async () => {
    clone = await makeClone(
      { '.gitpod.yml': GITPOD_YML, '.gitignore': 'made.txt\n' },
      `start-${process.pid}`,
    );
    const { exitCode, stderr } = await run('build');
    assert.equal(exitCode, 0, stderr);
  });
  after(async () => {
    await run('start', '--stop');
    if (loaded !== undefined) await execa('docker', ['rmi', loaded]);
    await clone[Symbol.asyncDispose]();
  });

  it('shows what it would run', async () => {
    const { exitCode, stdout } = await run('start', '--print');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^docker run .*--entrypoint \/\.preheat\/start .*--publish 127\.0\.0\.1:8080:8080/m);
  });

  it('starts before and command, publishes the port and says how to get in', async () => {
    const { exitCode, stdout, stderr } = await run('start', '.', '--json');
    assert.equal(exitCode, 0, stderr);
    const started = StartResult.parse(JSON.parse(stdout));
    loaded = `preheat:${started.digest.slice('sha256:'.length).slice(0, 12)}`;
    const [port] = started.ports;
    assert.ok(port?.answers);
    assert.equal(await (await fetch(port.url)).text(), 'hello');
    assert.match(started.shell, /docker exec .*bash/);
    assert.match(started.editor, /^vscode:\/\/vscode-remote\/attached-container\+/);
    const inside = await execa('docker', [
      'exec',
      started.name,
      'bash',
      '-c',
      'cat made.txt; git status --porcelain; git branch --show-current',
    ]);
    assert.equal(inside.stdout, 'made by root\nmain');
  });

  it('starts a second one beside it', async () => {
    const { exitCode, stdout, stderr } = await run('start', 'main', '--json');
    assert.equal(exitCode, 0, stderr);
    const second = StartResult.parse(JSON.parse(stdout));
    assert.match(second.name, /-2$/);
    const hostPort = second.ports[0]?.hostPort;
    assert.notEqual(hostPort, 8080);
    for (const shell of [
      ['bash', '-ic'],
      ['sh', '-c'],
    ]) {
      const inside = await execa('docker', ['exec', second.name, ...shell, '/.preheat/bin/gp url 8080']);
      assert.equal(inside.stdout, `http://localhost:${hostPort}`);
    }
    assert.equal(await (await fetch(`http://localhost:${hostPort}`)).text(), 'hello');
  });

  it('starts an ancestor where the commit itself is not warm, and says so', async () => {
    await clone.commit({ 'more.txt': 'more\n' });
    const { exitCode, stdout } = await run('start', '--print');
    assert.equal(exitCode, 0);
    assert.match(stdout, /1 behind/);
  });

  it('ends them', async () => {
    const { exitCode, stdout } = await run('start', '--stop', '--json');
    assert.equal(exitCode, 0);
    assert.equal((JSON.parse(stdout) as { readonly stopped: readonly string[] }).stopped.length, 2);
    assert.match((await run('start', '--stop')).stdout, /no workspace of this repository runs/);
  });

  it('tells when there is nothing to start from (80)', async () => {
    const { exitCode, stderr } = await run('start', '--registry', 'oci:nothing-here');
    assert.equal(exitCode, 80);
    assert.match(stderr, /cannot find a warm image in oci:.*nothing-here/);
  });
});
