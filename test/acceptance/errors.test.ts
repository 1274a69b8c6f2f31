import assert from 'node:assert/strict';
import { chmod, mkdtemp, mkdtempDisposable, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClone } from '../support/clone.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { pushTinyImage } from '../support/tiny-image.ts';
import { startRegistry } from '../support/registry.ts';

const FILE = (task: string, image = 'debian:bookworm'): string =>
  `image: ${image}\ntasks:\n  - name: build\n    init: ${task}\n`;

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Builds a repository of these files and returns what was said. */
async function build({ files = { '.gitpod.yml': FILE('echo ok') }, words = [], env = {} }: Case) {
  await using clone = await makeClone(files);
  const run = await preheat(['build', ...words], { cwd: clone.directory, env });
  const outcome = await readOutcome(clone.directory).catch(() => undefined);
  return { ...run, outcome };
}

function assertFailed(run: Run, exitCode: number, ...said: readonly RegExp[]): void {
  assert.equal(run.exitCode, exitCode, run.stderr);
  for (const expected of said) assert.match(run.stderr, expected);
  assert.doesNotMatch(run.stderr, /^\s+at .*\(file:/m, 'a stack trace is for defects only');
}

/** A loopback port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('preheat build tells clearly', () => {
  it('that there is no git clone (10)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'preheat-nothing-'));
    try {
      const run = await preheat(['build'], { cwd: folder, env: { GIT_CEILING_DIRECTORIES: tmpdir() } });
      assertFailed(
        run,
        10,
        /✖ .*cannot read a git repository in .*: not a git repository/,
        /Run preheat inside a clone/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('that a commit is not there (30)', async () => {
    const run = await build({ words: ['--commit', 'deadbeefdeadbeef'] });
    assertFailed(
      run,
      30,
      /✖ .*cannot find commit deadbeefdeadbeef: this clone does not have it/,
      /git fetch/,
    );
    assert.partialDeepStrictEqual(run.outcome, {
      result: 'not-warm',
      exitCode: 30,
      failure: { code: 'not-found' },
    });
  });

  it('that oras is missing before anything runs for nothing, with a layout too', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-oras-'));
    const asked = join(folder.path, 'asked');
    await writeFile(join(folder.path, 'oras'), `#!/bin/sh\necho "$@" >> ${asked}\necho Version: 1.2.0\n`);
    await chmod(join(folder.path, 'oras'), 0o755);
    const env = { PATH: `${folder.path}:${process.env['PATH'] ?? ''}` };
    assertFailed(await build({ files: { '.gitpod.yml': FILE('x', 'busybox:1.36') }, env }), 50, /no bash/);
    const files = { '.gitpod.yml': 'image:\n  file: D\n', D: 'FROM busybox:1.36\nRUN exit 3\n' };
    assertFailed(await build({ files, env }), 51);
    // Where the engine cannot tell that it has made an image itself, its registry is asked too.
    const calls = (await readFile(asked, 'utf8')).split('\n');
    assert.deepEqual(
      calls.filter((call) => !call.startsWith('manifest fetch --descriptor ')),
      ['version', 'version', ''],
    );
  });

  it("that a Dockerfile writes a proxy's password into the base (51)", async () => {
    const env = { HTTP_PROXY: 'http://me:correct-horse@127.0.0.1:9' };
    const leaks: readonly (readonly [lines: string, said: RegExp])[] = [
      ['RUN echo "$HTTP_PROXY" > /leak', /cannot keep the image of D: \/leak holds the secret HTTP_PROXY/],
      [
        'ARG HTTP_PROXY\nENV P=$HTTP_PROXY',
        /cannot keep the image of D: its config holds the secret HTTP_PROXY/,
      ],
    ];
    for (const [lines, said] of leaks) {
      const files = { '.gitpod.yml': 'image:\n  file: D\n', D: `FROM busybox:1.36\n${lines}\n` };
      const run = await build({ files, env });
      assertFailed(run, 51, said);
      assert.doesNotMatch(run.stderr, /correct-horse/);
      assert.deepEqual(
        run.outcome?.steps.map(({ outcome }) => outcome),
        ['failed'],
      );
      assert.equal(run.outcome?.uploaded.blobs, 0);
    }
  });

  it('that there is no .gitpod.yml (20)', async () => {
    assertFailed(
      await build({ files: { 'README.md': 'x' } }),
      20,
      /the commit has none of \.gitpod\.yml, /,
      /Run "preheat init" to write a first one/,
    );
  });

  it('where a .gitpod.yml is wrong (20)', async () => {
    const run = await build({
      files: { '.gitpod.yml': 'image: debian:bookworm\ntasks:\n  - init: [npm, ci]\n' },
    });
    assertFailed(run, 20, /\.gitpod\.yml:3:11 error/, /> 3 \|   - init: \[npm, ci\]/, /\^\^\^/);
  });

  it('that an image does not exist (30)', async () => {
    await using registry = await startRegistry();
    const image = `${registry.host}/no/such:thing`;
    const run = await build({ files: { '.gitpod.yml': FILE('echo ok', image) } });
    assertFailed(run, 30, new RegExp(`cannot find base image ${image}`));
    assert.equal(run.outcome?.failure?.code, 'not-found');
  });

  it('that the password of the registry is wrong (30), and never the password', async () => {
    await using registry = await startRegistry({ password: true });
    const env = { REGISTRY_USERNAME: 'builder', REGISTRY_PASSWORD: 'wr0ng-secret' };
    const run = await build({ words: ['--registry', `${registry.host}/app`], env });
    assertFailed(run, 30, /unauthorized|refused/i, new RegExp(registry.host));
    assert.ok(!run.stderr.includes('wr0ng-secret'));
    assert.equal(run.outcome?.failure?.code, 'unauthorized');
  });

  it('that the registry is down (30)', async () => {
    const run = await build({ words: ['--registry', `127.0.0.1:${await closedPort()}/app`] });
    assertFailed(run, 30, /127\.0\.0\.1:\d+/, /refused/);
    assert.equal(run.outcome?.failure?.code, 'unreachable');
  });

  it('that the engine is down, where the base comes from a registry (50)', async () => {
    await using registry = await startRegistry();
    const image = await pushTinyImage(registry.host);
    const words = ['--docker-host', 'unix:///nowhere/docker.sock'];
    const run = await build({ files: { '.gitpod.yml': FILE('echo ok', image) }, words });
    assertFailed(run, 50, /cannot reach the Docker engine at unix:\/\/\/nowhere\/docker\.sock/);
    assert.equal(run.outcome?.failure?.code, 'engine');
  });

  it('that a task fails, with its last words (51)', async () => {
    const run = await build({ files: { '.gitpod.yml': FILE('echo the reason; exit 7') } });
    assertFailed(run, 51, /\[build\] the reason/, /task "build" failed with exit code 7/);
    assert.partialDeepStrictEqual(run.outcome?.failure, { code: 'task-failed', output: ['the reason'] });
    assert.equal(run.outcome?.steps[0]?.outcome, 'failed');
  });

  it('that a base image has no bash (50)', async () => {
    assertFailed(
      await build({ files: { '.gitpod.yml': FILE('echo ok', 'busybox:1.36') } }),
      50,
      /busybox:1\.36.*no bash/,
    );
  });

  it('what is wrong with a Dockerfile (20)', async () => {
    const files = { '.gitpod.yml': 'image:\n  file: Dockerfile\n', Dockerfile: 'RUN true\n' };
    assertFailed(await build({ files }), 20, /Dockerfile/);
  });

  it('which options are wrong, all at once (2)', async () => {
    const run = await build({
      words: ['--platform', 'x', '--history-depth', '0'],
      env: { DEBUG: 'perhaps' },
    });
    assertFailed(run, 2, /--platform \(PLATFORM\)/, /--history-depth \(HISTORY_DEPTH\)/, /--debug \(DEBUG\)/);
  });

  it('what it does not know (2)', async () => {
    const run = await preheat(['buidl'], { cwd: tmpdir() });
    assertFailed(run, 2, /unknown command 'buidl'.*Did you mean build/);
    assertFailed(await preheat([], { cwd: tmpdir() }), 2, /no command is given/, /preheat \[options\]/);
  });
});
