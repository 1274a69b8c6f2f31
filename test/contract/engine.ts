import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Engine } from '../../src/build/engine.ts';
import { isAbort, PreheatError } from '../../src/kernel/failure.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import {
  fileEntry,
  patience,
  runToEnd,
  shell,
  smallImage,
  startContainer,
  streamOf,
  textOf,
  uniqueName,
  waitingSpec,
} from '../support/engine.ts';

const ABSENT_IMAGE = `sha256:${'0'.repeat(64)}`;
const MEBIBYTE = 1024 * 1024;

/** Grows by doubling a shell variable until the kernel ends it. */
const EAT_MEMORY = 'x=0123456789; while :; do x=$x$x; done';

/** What every implementation of `Engine` promises. */
export function engineContract(createEngine: () => Engine): void {
  const engine = createEngine();

  describe('containers', () => {
    it('take files before they start and while they run, and give them out', async () => {
      await using container = await engine.createContainer(await waitingSpec(), patience());
      await container.put(tarOf([fileEntry('run/early', 'early\n')]), patience());
      assert.equal(await readText(container, '/run/early'), 'early\n');
      await container.start(patience());
      await container.put(tarOf([fileEntry('run/late', 'late\n')]), patience());
      const { stdout } = await shell(container, 'cat /run/early /run/late');
      assert.equal(stdout, 'early\nlate\n');
    });

    it('keep owners, modes and times of what is put, from a gzip tar too', async () => {
      await using container = await startContainer(engine);
      const entries = [
        fileEntry('opt/own', 'x', { uid: 300_000, gid: 4_000_000_000, mode: 0o4750, mtime: 1_234_567_890 }),
        fileEntry('opt/dir', '', { kind: 'directory', uid: 7, gid: 8, mode: 0o1777, size: 0 }),
      ].map((entry) => (entry.kind === 'file' ? entry : { ...entry, open: () => streamOf() }));
      const tar = Buffer.concat(await Array.fromAsync(tarOf(entries)));
      await container.put(streamOf(gzipSync(tar)), patience());
      const { stdout } = await shell(container, 'stat -c "%u %g %a %Y" /opt/own /opt/dir');
      assert.equal(stdout, '300000 4000000000 4750 1234567890\n7 8 1777 1000000000\n');
    });

    it('give out regular files only, following links inside the container', async () => {
      await using container = await startContainer(engine);
      await shell(
        container,
        'mkdir -p /a/b /etc; echo secret > /etc/target; ln -s /etc/target /a/absolute; ' +
          'ln -s ../../etc/target /a/b/relative; ln -s /a/b/relative /a/chain; ln -s /a/b /a/folder; ' +
          'ln -s /nowhere /a/dangling; : > /a/empty',
      );
      for (const path of ['/a/absolute', '/a/b/relative', '/a/chain', '/a/folder/relative']) {
        assert.equal(await readText(container, path), 'secret\n', path);
      }
      assert.equal(await readText(container, '/a/empty'), '');
      for (const path of ['/a', '/a/folder', '/a/dangling', '/a/none', '/none/none', '/a/empty/below']) {
        assert.equal(await container.readFile(path, patience()), undefined, path);
      }
    });

    it('tell what lies at a path, before they start too', async () => {
      await using container = await engine.createContainer(await waitingSpec(), patience());
      const folder = (path: string) => fileEntry(path, '', { kind: 'directory', mode: 0o755 });
      const link = fileEntry('look/link', '', { kind: 'symlink', target: 'full', mode: 0o777 });
      const entries = [
        folder('look'),
        folder('look/empty'),
        folder('look/full'),
        fileEntry('look/full/x', 'x'),
        link,
      ];
      await container.put(tarOf(entries), patience());
      const look = async (path: string) => container.look(path, patience());
      assert.deepEqual(await look('/look/full/x'), { kind: 'file' });
      assert.deepEqual(await look('/look/full'), { kind: 'folder', mode: 0o755, first: 'x' });
      assert.deepEqual(await look('/look/empty'), { kind: 'folder', mode: 0o755 });
      assert.deepEqual(await look('/look/link'), { kind: 'link', target: '/look/full' });
      assert.deepEqual(await look('/look/link/x'), { kind: 'file' });
      for (const path of ['/look/none', '/none/none', '/look/full/x/below'])
        assert.equal(await look(path), undefined);
      assert.deepEqual(await container.volumes(patience()), []);
    });

    it('give out a large file whole', async () => {
      await using container = await startContainer(engine);
      await shell(container, 'head -c 3000001 /dev/zero | tr "\\0" x > /big');
      const content = await container.readFile('/big', patience());
      assert.ok(content?.every((byte) => byte === 0x78));
      assert.equal(content?.length, 3_000_001);
    });

    it('refuse a tar that is none', async () => {
      await using container = await startContainer(engine);
      await rejectsWith(container.put(streamOf(Buffer.from('no tar at all')), patience()), 'engine');
    });

    it('hand on why a tar could not be read', async () => {
      await using container = await startContainer(engine);
      const broken = new PreheatError('cannot read the blob: it is cut off', {
        phase: 'observe',
        code: 'corrupt',
      });
      const tar = async function* (): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(512);
        throw broken;
      };
      await assert.rejects(container.put(tar(), patience()), broken);
    });

    it('go when they are disposed of, as often as that is, and with what runs in them', async () => {
      const container = await startContainer(engine);
      const execution = await container.exec({ command: ['sleep', '600'] }, patience());
      await container[Symbol.asyncDispose]();
      await Promise.all([textOf(execution.stdout), textOf(execution.stderr)]).catch(() => undefined);
      await container[Symbol.asyncDispose]();
      await rejectsWith(container.start(patience()), 'not-found');
    });

    it('go although the run is aborted', async () => {
      const run = new AbortController();
      const container = await engine.createContainer(await waitingSpec(), { signal: run.signal });
      run.abort();
      await container[Symbol.asyncDispose]();
      await rejectsWith(container.start(patience()), 'not-found');
    });

    it('are not made for an aborted run', async () => {
      const run = uniqueName('aborted');
      const spec = await waitingSpec({ labels: { 'dev.preheat.run': run } });
      await assert.rejects(engine.createContainer(spec, { signal: AbortSignal.abort() }), isAbort);
      const during = new AbortController();
      const creating = engine.createContainer(spec, { signal: during.signal });
      during.abort();
      await assert.rejects(creating, isAbort);
      assert.equal(await engine.sweep((labels) => labels['dev.preheat.run'] === run, patience()), 0);
    });

    it('are not made of an image that is not there', async () => {
      await rejectsWith(
        engine.createContainer(await waitingSpec({ image: ABSENT_IMAGE }), patience()),
        'not-found',
      );
    });

    it('run an init that reaps, without input or terminal, in the network that was named', async () => {
      await using container = await startContainer(engine);
      const { stdout } = await shell(
        container,
        'cat /proc/1/comm; ls /sys/class/net; readlink /proc/1/fd/0; tty',
      );
      assert.equal(stdout, 'docker-init\nlo\n/dev/null\nnot a tty\n');
    });

    it('know the hosts that were named', async () => {
      await using container = await startContainer(engine, {
        network: 'bridge',
        extraHosts: ['cache.test:192.0.2.7'],
      });
      const { stdout } = await shell(container, 'grep cache.test /etc/hosts');
      assert.match(stdout, /^192\.0\.2\.7\s+cache\.test$/m);
    });
  });

  describe('programs', () => {
    it('have their outputs, exit code, environment, folder and user', async () => {
      await using container = await startContainer(engine);
      const line = 'echo "$GREETING from $PWD as $(id -u):$(id -g)"; echo oops >&2; exit 3';
      const ended = await runToEnd(container, ['sh', '-c', line], {
        env: { GREETING: 'höi = "you"' },
        workingDirectory: '/tmp',
        user: '1234:56',
      });
      assert.deepEqual(ended, {
        stdout: 'höi = "you" from /tmp as 1234:56\n',
        stderr: 'oops\n',
        exitCode: 3,
      });
    });

    it('have nothing to read', async () => {
      await using container = await startContainer(engine);
      assert.deepEqual(await shell(container, 'readlink /proc/self/fd/0; cat'), {
        stdout: '/dev/null\n',
        stderr: '',
        exitCode: 0,
      });
    });

    it('that cannot be started end with 126 or 127 and say why', async () => {
      await using container = await startContainer(engine);
      const { stdout, stderr, exitCode } = await runToEnd(container, ['/no/such/program']);
      assert.ok(exitCode === 126 || exitCode === 127, String(exitCode));
      assert.match(stdout + stderr, /no such file or directory/);
    });

    it('need a container that runs', async () => {
      await using container = await engine.createContainer(await waitingSpec(), patience());
      await rejectsWith(container.exec({ command: ['true'] }, patience()), 'engine');
    });

    it('print large outputs of both kinds whole to readers of different speed', async () => {
      await using container = await startContainer(engine);
      const megabytes = 24;
      const line = `for i in $(seq ${megabytes}); do head -c ${MEBIBYTE} /dev/zero; head -c ${MEBIBYTE} /dev/zero >&2; done`;
      const { stdout, stderr, exitCode } = await container.exec({ command: ['sh', '-c', line] }, patience());
      const [fast, slow] = await Promise.all([countBytes(stdout), countBytes(stderr, 8)]);
      assert.deepEqual([fast, slow, await exitCode], [megabytes * MEBIBYTE, megabytes * MEBIBYTE, 0]);
    });

    it('wait for their reader', async () => {
      await using container = await startContainer(engine);
      const line = `head -c ${64 * MEBIBYTE} /dev/zero; echo done > /tmp/done`;
      const { stdout, stderr, exitCode } = await container.exec({ command: ['sh', '-c', line] }, patience());
      const reader = stdout[Symbol.asyncIterator]();
      const first = (await reader.next()).value as Uint8Array;
      // Other programs run while it waits; it cannot have got to its end with its reader at the first chunk.
      assert.equal((await shell(container, 'sleep 1; test -e /tmp/done')).exitCode, 1);
      const rest = await countBytes({ [Symbol.asyncIterator]: () => reader });
      await textOf(stderr);
      assert.deepEqual([first.length + rest, await exitCode], [64 * MEBIBYTE, 0]);
    });

    it('are not held by what they leave running', async () => {
      await using container = await startContainer(engine);
      assert.deepEqual(await shell(container, 'echo started; sleep 600 & exit 4'), {
        stdout: 'started\n',
        stderr: '',
        exitCode: 4,
      });
    });

    it('are let go at once when the signal aborts', async () => {
      await using container = await startContainer(engine);
      const run = new AbortController();
      const command = ['sh', '-c', 'echo one; exec sleep 600'];
      const { stdout, stderr, exitCode } = await container.exec({ command }, { signal: run.signal });
      const reason = new Error('enough');
      const reading = [
        assert.rejects(async () => {
          for await (const chunk of stdout) {
            assert.equal(Buffer.from(chunk).toString(), 'one\n');
            run.abort(reason);
          }
        }, reason),
        assert.rejects(textOf(stderr), reason),
        assert.rejects(exitCode, reason),
      ];
      await Promise.all(reading);
    });

    it('may run side by side', async () => {
      await using container = await startContainer(engine);
      const numbers = [...Array(8).keys()];
      const ends = await Promise.all(numbers.map(async (n) => shell(container, `echo ${n}; exit ${n}`)));
      assert.deepEqual(
        ends,
        numbers.map((n) => ({ stdout: `${n}\n`, stderr: '', exitCode: n })),
      );
    });
  });

  describe('memory', () => {
    it("counts nothing as killed where nothing was, and knows the engine's memory", async () => {
      await using container = await startContainer(engine);
      await shell(container, 'kill -9 $$');
      const { killed, limit } = await container.memory(patience());
      assert.equal(killed, false);
      assert.ok(limit.bytes > MEBIBYTE, String(limit.bytes));
      assert.equal(limit.of, 'machine');
    });

    it('tells that a program or its child was killed for want of it, and the limit', async () => {
      const memoryLimit = 32 * MEBIBYTE;
      await using container = await startContainer(engine, { memoryLimit });
      const limit = { bytes: memoryLimit, of: 'container' };
      assert.deepEqual(await container.memory(patience()), { killed: false, limit });
      const { exitCode } = await shell(container, `sh -c '${EAT_MEMORY}'; [ $? = 137 ] && exit 9`);
      assert.equal(exitCode, 9);
      assert.deepEqual(await container.memory(patience()), { killed: true, limit });
    });
  });

  describe('images', () => {
    it('of the engine itself are used as they are', async () => {
      const digest = await smallImage();
      const wanted = { reference: 'anything', digest, source: 'engine' } as const;
      const image = await engine.provideImage(wanted, { ...patience(), onProgress: assert.fail });
      await using container = await startContainer(engine, { image });
      assert.equal((await shell(container, 'echo here')).stdout, 'here\n');
    });

    it('of other layers than they must have are refused', async () => {
      const digest = await smallImage();
      const wanted = { reference: 'anything', digest, source: 'engine', diffIds: [ABSENT_IMAGE] } as const;
      const refused = engine.provideImage(wanted, { ...patience(), onProgress: assert.fail });
      await assert.rejects(refused, /the engine has other layers under/);
    });

    it('that are gone from the engine are told', async () => {
      const wanted = { reference: 'gone:1', digest: ABSENT_IMAGE, source: 'engine' } as const;
      const failure = await rejectsWith(
        engine.provideImage(wanted, { ...patience(), onProgress: assert.fail }),
        'not-found',
      );
      assert.match(failure.message, /^cannot use image gone:1: /);
      assert.ok(failure.hint);
    });
  });

  it('sweeps the containers of dead runs, running or not, and no others', async () => {
    const [dead, alive] = [uniqueName('dead'), uniqueName('alive')];
    const spec = async (run: string) => waitingSpec({ labels: { 'dev.preheat.run': run } });
    await using running = await startContainer(engine, await spec(dead));
    await using created = await engine.createContainer(await spec(dead), patience());
    await using living = await startContainer(engine, await spec(alive));
    const isDead = (labels: Readonly<Record<string, string>>): boolean => labels['dev.preheat.run'] === dead;
    assert.equal(await engine.sweep(isDead, patience()), 2);
    await rejectsWith(running.start(patience()), 'not-found');
    await rejectsWith(created.start(patience()), 'not-found');
    assert.equal((await shell(living, 'echo alive')).stdout, 'alive\n');
    assert.equal(await engine.sweep(isDead, patience()), 0);
  });
}

async function readText(
  container: { readFile(path: string, options: { signal: AbortSignal }): Promise<Uint8Array | undefined> },
  path: string,
): Promise<string | undefined> {
  const content = await container.readFile(path, patience());
  return content === undefined ? undefined : Buffer.from(content).toString();
}

/** Counts a stream's bytes, pausing at each `pauseEvery`-th chunk. */
async function countBytes(chunks: AsyncIterable<Uint8Array>, pauseEvery = Infinity): Promise<number> {
  let [bytes, count] = [0, 0];
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (++count % pauseEvery === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return bytes;
}

async function rejectsWith(work: Promise<unknown>, code: PreheatError['code']): Promise<PreheatError> {
  try {
    await work;
  } catch (thrown) {
    assert.ok(thrown instanceof PreheatError, String(thrown));
    assert.deepEqual([thrown.phase, thrown.code], ['build', code], thrown.message);
    return thrown;
  }
  assert.fail('it did not reject');
}
