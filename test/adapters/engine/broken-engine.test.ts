import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Execution } from '../../../src/build/engine.ts';
import { PreheatError, type FailureCode, type Phase } from '../../../src/kernel/failure.ts';
import { digestOf, parseDiffId } from '../../../src/oci/digest.ts';
import { connectTestEngine, patience, streamOf, textOf } from '../../support/engine.ts';
import { serveEngine } from '../../support/engine-server.ts';
import { frame } from './frames.ts';

const run = promisify(execFile);
const ID = 'c0ffee';
const spec = { image: 'any', entrypoint: ['wait'], labels: {}, network: 'none' };
const quiet = { ...patience(), onProgress: (): void => {} };

type Answer = (response: ServerResponse) => void;

/** Answers by what the URL ends with; a container can be created and removed. */
function answers(byEnd: Readonly<Record<string, Answer>>): RequestListener {
  const all: Readonly<Record<string, Answer>> = {
    '/containers/create': json({ Id: ID }, 201),
    [`/containers/${ID}`]: json(null, 204),
    [`/containers/${ID}/exec`]: json({ Id: 'e1' }, 201),
    ...byEnd,
  };
  return (request, response) => {
    const path = request.url?.replace(/\?.*$/, '') ?? '';
    (all[path] ?? json({ message: `no such thing: ${path}` }, 404))(response);
  };
}

function json(value: unknown, status = 200): Answer {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 204 ? '' : JSON.stringify(value));
  };
}

async function failsWith(
  work: Promise<unknown>,
  expected: {
    readonly phase: Phase;
    readonly code: FailureCode;
    readonly message: RegExp;
    readonly hint?: RegExp;
  },
): Promise<void> {
  await assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof PreheatError, String(thrown));
    assert.match(thrown.message, expected.message);
    assert.deepEqual([thrown.phase, thrown.code], [expected.phase, expected.code]);
    assert.match(thrown.hint ?? '', expected.hint ?? /^/);
    return true;
  });
}

async function execIn(host: string, signal = patience().signal): Promise<Execution> {
  const container = await connectTestEngine({ host }).engine.createContainer(spec, { signal });
  return container.exec({ command: ['x'] }, { signal });
}

describe('an engine that is down', () => {
  it('is told with its address by every port, in the words of its phase, once it is called', async () => {
    const host = `unix://${join(tmpdir(), 'no-engine-here.sock')}`;
    const { engine, localImages, workspaces, baseExporter } = connectTestEngine({ host });
    const message =
      /^cannot reach the Docker engine at unix:\/\/.*no-engine-here\.sock: nothing listens there$/;
    const expected = { code: 'engine', message, hint: /^Start Docker/ } as const;
    await failsWith(engine.createContainer(spec, patience()), { ...expected, phase: 'build' });
    await failsWith(localImages.find('a:1', patience()), { ...expected, phase: 'observe' });
    await failsWith(workspaces.list('a=b', patience()), { ...expected, phase: 'start' });
    await failsWith(Array.fromAsync(baseExporter.export('a', patience())), { ...expected, phase: 'build' });
  });

  it('is told behind TCP too, and is not taken for a registry that refuses', async () => {
    const { workspaceImages } = connectTestEngine({ host: 'tcp://127.0.0.1:1' });
    await failsWith(workspaceImages.pull('r.test/a:1', quiet), {
      phase: 'start',
      code: 'engine',
      message: /^cannot reach the Docker engine at tcp:\/\/127\.0\.0\.1:1: nothing listens there$/,
    });
  });

  it('cannot be at an address of an unknown kind', () => {
    assert.throws(() => connectTestEngine({ host: 'ssh://root@host' }), {
      name: 'PreheatError',
      phase: 'usage',
      message: 'cannot use the Docker engine at ssh://root@host: ssh:// addresses are not served',
    });
  });
});

describe('an engine that misbehaves', () => {
  it('and forbids is quoted', async () => {
    const forbid = json(
      { message: 'authorization denied by plugin pipelines: --privileged=true is not allowed' },
      403,
    );
    await using server = await serveEngine(answers({ '/containers/create': forbid }));
    const { engine } = connectTestEngine({ host: server.host });
    await failsWith(engine.createContainer(spec, patience()), {
      phase: 'build',
      code: 'engine',
      message:
        /^cannot create a container from any: authorization denied by plugin pipelines: --priv.* not allowed$/,
      hint: /Bitbucket Pipelines/,
    });
  });

  it('and never answers is left when the signal aborts', async () => {
    await using server = await serveEngine(() => {});
    const { localImages, workspaceImages, workspaces, baseExporter } = connectTestEngine({
      host: server.host,
    });
    const calls: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
      async (signal) => localImages.find('a:1', { signal }),
      async (signal) => workspaceImages.pull('a:1', { ...quiet, signal }),
      async (signal) => workspaceImages.load(streamOf(Buffer.from('x')), { signal }),
      async (signal) => workspaces.list('a=b', { signal }),
      async (signal) => textOf(workspaces.output(ID, { signal })),
      async (signal) => textOf(baseExporter.export('a', { signal })),
    ];
    const reason = new Error('enough');
    await Promise.all(calls.map(async (call) => assert.rejects(call(AbortSignal.abort(reason)), reason)));
    assert.equal(server.seen.length, 0);
    const stop = new AbortController();
    const pending = calls.map(async (call) => assert.rejects(call(stop.signal), reason));
    while (server.seen.length < calls.length) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(reason);
    await Promise.all(pending);
  });

  it('and stops in the middle of an answer is left when the signal aborts', async () => {
    const begin: Answer = (response) =>
      void response.writeHead(200).write(frame('stdout', Buffer.from('begun')));
    const path = `/containers/${ID}/logs`;
    await using server = await serveEngine(
      answers({ [path]: begin, '/images/create': begin, '/exec/e1/start': begin }),
    );
    const { workspaces } = connectTestEngine({ host: server.host });
    const reason = new Error('enough');
    const stop = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const chunk of workspaces.output(ID, stop)) {
        assert.equal(Buffer.from(chunk).toString(), 'begun');
        stop.abort(reason);
      }
    };
    await assert.rejects(reading(), reason);
    const end = new AbortController();
    const { exitCode } = await execIn(server.host, end.signal);
    end.abort(reason);
    // Nobody has read the outputs, and yet the call is over.
    await assert.rejects(exitCode, reason);
  });

  it('and breaks off within an output is not taken for one that ended', async () => {
    const cutOff: Answer = (response) => {
      response.writeHead(200).write(frame('stdout', Buffer.from('whole words')).subarray(0, 12));
      setTimeout(() => response.destroy(), 10);
    };
    await using server = await serveEngine(answers({ '/exec/e1/start': cutOff }));
    const { stdout, stderr, exitCode } = await execIn(server.host);
    const expected = { phase: 'build', code: 'engine', message: /^cannot run x in the container: / } as const;
    await Promise.all([
      failsWith(textOf(stdout), expected),
      failsWith(textOf(stderr), expected),
      failsWith(exitCode, expected),
    ]);
  });

  it('and answers before the exit code is known is asked again', async () => {
    let asked = 0;
    const inspect: Answer = (response) => {
      asked++;
      json(asked < 3 ? { Running: true, ExitCode: null } : { Running: false, ExitCode: 7 })(response);
    };
    const start: Answer = (response) => void response.writeHead(200).end();
    await using server = await serveEngine(answers({ '/exec/e1/start': start, '/exec/e1/json': inspect }));
    const { stdout, stderr, exitCode } = await execIn(server.host);
    assert.deepEqual([await textOf(stdout), await textOf(stderr), await exitCode], ['', '', 7]);
    assert.equal(asked, 3);
  });

  it('and cannot tell of a workspace it has started leaves none behind', async () => {
    const refuse = json({ message: 'shutting down' }, 503);
    const paths = { [`/containers/${ID}/start`]: json(null, 204), [`/containers/${ID}/json`]: refuse };
    await using server = await serveEngine(answers(paths));
    const { workspaces } = connectTestEngine({ host: server.host });
    const workspace = {
      name: 'w',
      command: ['x'],
      user: '0',
      workingDirectory: '/',
      env: {},
      ports: [],
      portsVariable: 'X',
    };
    await failsWith(workspaces.run({ ...spec, ...workspace }, patience()), {
      phase: 'start',
      code: 'engine',
      message: /^cannot look into the workspace: shutting down$/,
    });
    assert.equal(server.seen.at(-1)?.method, 'DELETE');
  });

  it('and reports a failure after it said 200 is heard', async () => {
    const report: Answer = (response) => {
      response
        .writeHead(200)
        .end('{"status":"Pulling"}\n{"errorDetail":{"message":"no space left on device"}}\n');
    };
    await using server = await serveEngine(answers({ '/images/create': report, '/images/load': report }));
    const { workspaceImages } = connectTestEngine({ host: server.host });
    await failsWith(workspaceImages.pull('r.test/a:1', quiet), {
      phase: 'start',
      code: 'engine',
      message: /^cannot pull r\.test\/a:1: no space left on device$/,
    });
    await failsWith(workspaceImages.load(streamOf(Buffer.from('x')), patience()), {
      phase: 'start',
      code: 'engine',
      message: /: no space left on device$/,
    });
  });

  it('and will not remove a container is told of to the log, and no failure of the run', async () => {
    const refuse = json({ message: 'driver "overlay2" failed to remove root filesystem: busy' }, 500);
    await using server = await serveEngine(answers({ [`/containers/${ID}`]: refuse }));
    const told: string[] = [];
    const { engine } = connectTestEngine({ host: server.host, warn: (text) => told.push(text) });
    const container = await engine.createContainer(spec, patience());
    await container[Symbol.asyncDispose]();
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? '',
      /^container c0ffee stays behind: cannot remove a container: driver "overlay2" failed/,
    );
  });
});

describe('engines of other kinds', () => {
  const layers = [parseDiffId(digestOf('layer'))];
  const images = {
    '/images/json': json([{ Id: 'sha256:1' }, { Id: 'sha256:gone' }]),
    '/images/sha256%3A1/json': json({
      Id: 'sha256:1',
      Os: 'linux',
      Architecture: 'amd64',
      RootFS: { Layers: layers },
    }),
  };
  const docker = json({ Components: [{ Name: 'Engine' }] });
  const graphDriver = json({ DriverStatus: [['Backing Filesystem', 'extfs']] });
  const containerd = json({ DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] });

  for (const [kind, info, version, count] of [
    ["Docker's own store", graphDriver, docker, 1],
    ["containerd's store", containerd, docker, 0],
    ['Podman', graphDriver, json({ Components: [{ Name: 'Podman Engine' }] }), 0],
  ] as const) {
    it(`can do without ${count} of 1 present layers in an archive: ${kind}`, async () => {
      await using server = await serveEngine(answers({ ...images, '/info': info, '/version': version }));
      const { workspaceImages } = connectTestEngine({ host: server.host });
      assert.equal(await workspaceImages.countPresentLayers(layers, patience()), count);
    });
  }

  it('get an identity token as such, and Docker Hub by its old name', async () => {
    await using server = await serveEngine(
      answers({ '/images/create': json({ status: 'done' }), ...images }),
    );
    const credentials = { credentialsFor: async () => ({ username: '<token>', password: 'täken?>' }) };
    const { workspaceImages } = connectTestEngine({ host: server.host, credentials });
    await failsWith(workspaceImages.pull('node:24', quiet), {
      phase: 'start',
      code: 'engine',
      message: /lost it again$/,
    });
    const pull = server.seen.find(({ url }) => url.startsWith('/images/create'));
    assert.match(pull?.url ?? '', /fromImage=docker\.io%2Flibrary%2Fnode&tag=24$/);
    const header = String(pull?.headers['x-registry-auth']);
    assert.match(header, /^[A-Za-z0-9_=-]+$/);
    assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), {
      identitytoken: 'täken?>',
      serveraddress: 'https://index.docker.io/v1/',
    });
  });

  it('are spoken to over TLS, each side with its certificate', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-tls-'));
    const at = (name: string): string => join(folder.path, name);
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', at('key.pem'), '-out', at('cert.pem')];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...subject,
      ...files,
    ]);
    const [cert, key] = await Promise.all([readFile(at('cert.pem')), readFile(at('key.pem'))]);
    const listener = answers({ '/images/json': json([]), '/containers/json': json([]) });
    await using server = await serveEngine(listener, {
      cert,
      key,
      ca: cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const ask = async (certificates: string): Promise<unknown> =>
      connectTestEngine({ host: server.host, certificates }).workspaces.list('a=b', patience());
    await failsWith(ask(folder.path), {
      phase: 'start',
      code: 'engine',
      message: /its certificates cannot be read: .*ca\.pem/,
    });
    await writeFile(at('ca.pem'), cert);
    assert.deepEqual(await ask(folder.path), []);
  });
});
