import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { TaskFailure } from '../../src/build/task-failure.ts';
import { placedTar } from '../../src/build/placed-tar.ts';
import { connectDocker } from '../../src/adapters/engine/connect-docker.ts';
import { whiteoutEntries } from '../../src/build/whiteouts.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { stackImage } from './stacked-image.ts';
import { downloadsOf } from './downloads/kept-downloads.ts';
import { openBench, sourceEntry, type StepBench, type StepTweaks } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };

const GITPOD_FILES = placedTarOf({
  '/etc/passwd': 'root:x:0:0::/root:/bin/bash\ngitpod:x:33333:33333::/home/gitpod:/bin/bash\n',
  '/home/gitpod/.bashrc':
    'case $- in *i*) ;; *) return ;; esac\ngreet() { echo "hello $1"; }\necho from bashrc >&2\n',
});

function placedTarOf(files: Readonly<Record<string, string>>) {
  const placed = Object.entries(files).map(([path, text]) => ({
    path,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  return () => placedTar(placed);
}

async function failureOf(run: Promise<unknown>): Promise<TaskFailure> {
  const thrown = await run.then(
    () => assert.fail('the step succeeded'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof TaskFailure)) throw thrown;
  return thrown;
}

function assertAllGone({ created, disposed }: StepBench): void {
  assert.ok(created.length > 0);
  assert.deepEqual(disposed, created);
}

describe('runStep', () => {
  let bench: StepBench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** What a run says of sources and earlier downloads, as it comes to them. */
  const orderOf = async (tweaks: Pick<StepTweaks, 'onPull'>, said: string[]): Promise<readonly string[]> => {
    const { source: _, ...downloads } = downloadsOf(['npm']);
    const find = async (): Promise<undefined> => void said.push('downloads looked for');
    await bench.run([{ name: 'task', init: 'true' }], {
      ...tweaks,
      downloads: { ...downloads, source: { find, fetch: async () => true } },
      beginSources: () => void said.push('sources begun'),
      onCreated: async () => void said.push('container created'),
      sources: () => {
        said.push('sources asked for');
        return [];
      },
    });
    return said;
  };

  it('has sources and earlier downloads begun once, while the engine pulls the base', async () => {
    const said: string[] = [];
    const onPull = async (say: (detail: string) => void): Promise<void> => {
      say('a layer');
      say('another layer');
      await new Promise(setImmediate);
      said.push('base pulled');
    };
    const begun = ['sources begun', 'downloads looked for'];
    const created = ['container created', 'sources asked for'];
    assert.deepEqual(await orderOf({ onPull }, said), [...begun, 'base pulled', ...created]);
    assert.deepEqual(await orderOf({}, []), [...begun, ...created], 'where the engine has the base');
  });

  it('begins nothing that a workspace without anything to run does not need', async () => {
    const find = async (): Promise<undefined> => assert.fail('downloads were looked for');
    await bench.run([{ name: 'task', init: ' ' }], {
      downloads: { ...downloadsOf(['npm']), source: { find, fetch: async () => true } },
    });
  });

  it('runs tasks together as gitpod, in an interactive shell without a terminal', async () => {
    const { result } = await bench.run(
      [
        {
          name: 'shell',
          before: 'export A=1',
          init: 'greet "$A!word"; id -un; echo "$HOME $PWD $-"; read -r x || echo closed; echo $GITPOD_HEADLESS $B; no-such-program; true',
          env: { B: 'task' },
        },
        {
          name: 'server',
          init: '(while :; do [ -e /tmp/asked ] && echo served && break; sleep 0.05; done; sleep 300) &',
        },
        { name: 'client', init: 'touch /tmp/asked; printf "no line end"' },
      ],
      {
        onCreated: async (container) => container.put(GITPOD_FILES(), options),
        config: { workspaceLocation: '/workspace' },
      },
    );
    assert.deepEqual(result.user, { name: 'gitpod', uid: 33333, gid: 33333, home: '/home/gitpod' });
    assert.deepEqual(
      result.tasks.map(({ name, exitCode }) => `${name} ${exitCode}`),
      ['shell 0', 'server 0', 'client 0'],
    );
    const shell = bench.said.lines.filter((line) => line.startsWith('[shell]'));
    assert.deepEqual(shell.slice(0, 6), [
      '[shell] from bashrc',
      '[shell] hello 1!word',
      '[shell] gitpod',
      '[shell] /home/gitpod /workspace hiB',
      '[shell] closed',
      '[shell] true task',
    ]);
    assert.match(shell[6] ?? '', /no-such-program: command not found$/);
    assert.equal(shell.length, 7);
    assert.ok(bench.said.lines.includes('[server] served'));
    assert.ok(bench.said.lines.includes('[client] no line end'));
    assert.deepEqual(result.layers, [], 'a shell leaves nothing behind, no history either');
    assertAllGone(bench);
  });

  it('names the task that fails, with its last output, and ends the others', async () => {
    const failure = await failureOf(
      bench.run([
        { name: 'build', before: 'true', init: 'seq 1 100; echo oh dear >&2; exit 3' },
        { name: 'endless', init: 'sleep infinity' },
      ]),
    );
    assert.equal(failure.message, 'task "build" failed with exit code 3');
    assert.deepEqual(
      [failure.code, failure.phase, failure.task, failure.exitCode],
      ['task-failed', 'build', 'build', 3],
    );
    assert.equal(failure.output.length, 40);
    assert.deepEqual(failure.output.slice(-2), ['100', 'oh dear']);
    assertAllGone(bench);
  });

  it('masks secrets in what a failure carries', async () => {
    bench.said.redactor.add('hunter22');
    // The second line is so long that it comes in pieces; the secret lies across the cut.
    const init = 'echo password hunter22; printf "%016380dhunter22%020000d\\n" 0 0; false';
    const failure = await failureOf(bench.run([{ init }]));
    assert.equal(failure.output[0], 'password ********');
    assert.equal(failure.output.slice(1).join(''), `${'0'.repeat(16_380)}********${'0'.repeat(20_000)}`);
  });

  it('refuses a script that bash cannot parse before anything runs', async () => {
    const failure = await failureOf(
      bench.run([
        { name: 'good', init: 'echo ran' },
        { name: 'bad', before: 'true', init: 'if true; then\n  echo x\n  && echo y\nfi' },
      ]),
    );
    assert.match(
      failure.message,
      /^cannot run task "bad": line 3 of init: syntax error near unexpected token `&&'/,
    );
    assert.equal(failure.code, 'task-failed');
    assert.ok(!bench.said.lines.includes('[good] ran'));
    assertAllGone(bench);
  });

  it('tells a task that ran out of memory from one that failed', async () => {
    const failure = await failureOf(
      bench.run([{ name: 'greedy', init: 'tail /dev/zero' }], { memoryLimit: 64 * 1024 * 1024 }),
    );
    assert.equal(failure.code, 'out-of-memory');
    assert.match(failure.message, /task "greedy" ran out of memory: its container has a limit of 67 MB/);
    assertAllGone(bench);
  });

  it('removes the container when the run is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = bench.run([{ init: 'echo up; sleep infinity' }], { signal: controller.signal });
    void (async () => {
      while (!bench.said.lines.includes('[Task 1] up'))
        await new Promise((resolve) => setTimeout(resolve, 20));
      controller.abort(reason);
    })();
    await assert.rejects(running);
    assertAllGone(bench);
  });

  it('starts nothing where there is nothing to run, and still learns the user', async () => {
    let isRunning: boolean | undefined;
    const { result, source, runtime } = await bench.run([{ command: 'npm start', before: ' ' }], {
      configuredUser: 'mail',
      sources: [sourceEntry('workspace/app/a', { text: 'a' })],
      onDispose: async (container) => {
        isRunning = await container.exec({ command: ['true'] }, options).then(
          () => true,
          () => false,
        );
      },
    });
    assert.equal(isRunning, false);
    assert.equal(result.user.name, 'mail');
    assert.deepEqual([result.layers, result.tasks, result.outcome], [[], [], 'ran']);
    assert.deepEqual([source, runtime.layer.role], [undefined, 'runtime']);
    assertAllGone(bench);
  });

  it('ends a task although something that it left prints without line ends', async () => {
    const flood = 'while :; do printf "%01000d" 0; done';
    const { result } = await bench.run([{ init: `(${flood}) & sleep 0.2` }, { init: 'true' }]);
    assert.deepEqual(
      result.tasks.map(({ exitCode }) => exitCode),
      [0, 0],
    );
  });

  it('runs tasks as root in an image without account files', async () => {
    const whiteouts = tarOf(whiteoutEntries(['etc/passwd', 'etc/group']));
    const layer = await bench.staging.addLayer('task', whiteouts, options);
    await using image = await stackImage([layer], bench, options);
    const base = { reference: 'no-accounts', digest: image.id, source: 'engine' as const };
    const { result } = await bench.run([{ init: 'id -u' }], { base });
    assert.deepEqual(bench.said.lines, ['[Task 1] 0']);
    assert.deepEqual(result.user, { name: '0', uid: 0, gid: 0, home: '/root' });
  });

  it('says why the image cannot run bash as the user, instead of blaming the script', async () => {
    const passwd = sourceEntry('etc/passwd', { text: 'root:x:0:0::/root:/bin/bash\n' });
    const running = bench.run([{ init: 'true' }], { configuredUser: 'mail', sources: [passwd] });
    await assert.rejects(running, (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      return /^cannot run tasks as user mail of the image: .*mail/.test(thrown.message);
    });
  });

  it('says that an image has no bash', async () => {
    const { localImages } = connectDocker({
      credentials: { credentialsFor: async () => undefined },
      warn: assert.fail,
    });
    const busybox = await localImages.find('busybox:1.36', options);
    assert.ok(busybox);
    const base = { reference: 'busybox:1.36', digest: busybox.id, source: 'engine' as const };
    await assert.rejects(
      bench.run([{ init: 'true' }], { base }),
      (thrown) =>
        thrown instanceof PreheatError &&
        thrown.phase === 'build' &&
        thrown.message === 'cannot run tasks in busybox:1.36: it has no bash' &&
        thrown.hint !== undefined,
    );
    assertAllGone(bench);
  });
});
