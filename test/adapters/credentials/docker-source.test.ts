import assert from 'node:assert/strict';
import { chmod, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDockerSource } from '../../../src/adapters/credentials/docker-source.ts';
import { messageOf, PreheatError } from '../../../src/kernel/failure.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';

const signal = AbortSignal.timeout(60_000);
const basic = (text: string) => Buffer.from(text).toString('base64');

/** A folder with a `config.json`, and a source that reads it. */
async function openSource(config: unknown) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-docker-'));
  const path = join(folder.path, 'config.json');
  if (config !== undefined)
    await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  const redactor = createRedactor();
  let now = 0;
  const clock = { now: () => new Date(now), sleep: async () => undefined };
  const source = createDockerSource({ configDirectory: folder.path, redactor, clock });
  return {
    redactor,
    pass: (milliseconds: number) => (now += milliseconds),
    ask: (registry: string) => source.credentialsFor(registry, { signal }),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

/** Puts a credential helper on the PATH, as shell that answers `get` and counts its calls. */
async function withHelper<T>(
  name: string,
  script: string,
  work: (calls: () => Promise<number>) => Promise<T>,
): Promise<T> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-helper-'));
  const calls = join(folder.path, 'calls');
  await writeFile(calls, '');
  const program = join(folder.path, `docker-credential-${name}`);
  await writeFile(program, `#!/bin/sh\nread server\necho "$1 $server" >> '${calls}'\n${script}\n`);
  await chmod(program, 0o755);
  const before = process.env['PATH'];
  process.env['PATH'] = `${folder.path}:${before}`;
  try {
    return await work(async () => (await readFile(calls, 'utf8')).split('\n').length - 1);
  } finally {
    process.env['PATH'] = before;
  }
}

describe('credentials of docker', () => {
  it('come from auths, under each name by which a registry may stand there', async () => {
    await using place = await openSource({
      auths: {
        'ghcr.io': { auth: basic('anna:pass:word') },
        'https://quay.io': { auth: basic('quay:secret-q') },
        'https://index.docker.io/v1/': { auth: basic('hub:secret-h') },
        'registry.lan:5000': { username: 'plain', password: 'secret-p' },
        'token.example.com': { identitytoken: 'secret-token', auth: basic('x:') },
        'empty.example.com': {},
      },
    });
    assert.deepEqual(await place.ask('ghcr.io'), { username: 'anna', password: 'pass:word' });
    assert.deepEqual(await place.ask('quay.io'), { username: 'quay', password: 'secret-q' });
    assert.deepEqual(await place.ask('docker.io'), { username: 'hub', password: 'secret-h' });
    assert.deepEqual(await place.ask('registry-1.docker.io'), { username: 'hub', password: 'secret-h' });
    assert.deepEqual(await place.ask('registry.lan:5000'), { username: 'plain', password: 'secret-p' });
    assert.deepEqual(await place.ask('token.example.com'), { username: '<token>', password: 'secret-token' });
    for (const registry of ['empty.example.com', 'registry.lan', 'unknown.example.com']) {
      assert.equal(await place.ask(registry), undefined);
    }
    const leak = `curl -u anna:pass:word -H 'Bearer secret-token' ${basic('pass:word')}`;
    assert.doesNotMatch(place.redactor.redact(leak), /pass:word|secret-token|cGFzczp3b3Jk/);
  });

  it('are none without a configuration file', async () => {
    await using place = await openSource(undefined);
    assert.equal(await place.ask('ghcr.io'), undefined);
  });

  it('come from the helper of a registry, then from the store, then from auths; a helper is asked once in five minutes', async () => {
    const answer = `echo '{"ServerURL":"x","Username":"AWS","Secret":"helper-secret"}'`;
    await withHelper('preheat-test', answer, async (calls) => {
      await using place = await openSource({
        credHelpers: { 'ecr.example.com': 'preheat-test' },
        auths: {
          'ecr.example.com': { auth: basic('stale:stale') },
          'ghcr.io': { auth: basic('anna:filed') },
        },
      });
      assert.deepEqual(await place.ask('ecr.example.com'), { username: 'AWS', password: 'helper-secret' });
      assert.deepEqual(await place.ask('ghcr.io'), { username: 'anna', password: 'filed' });
      await place.ask('ecr.example.com');
      assert.equal(await calls(), 1);
      place.pass(5 * 60_000);
      await place.ask('ecr.example.com');
      assert.equal(await calls(), 2);
      assert.equal(place.redactor.redact('helper-secret'), '********');
    });
  });

  it('are asked from the store by the name that docker login uses, and fall back to auths', async () => {
    const script = `
      case "$server" in
        https://index.docker.io/v1/) echo '{"Username":"<token>","Secret":"hub-token"}' ;;
        *) echo 'credentials not found in native keychain'; exit 1 ;;
      esac`;
    await withHelper('preheat-store', script, async () => {
      await using place = await openSource({
        credsStore: 'preheat-store',
        auths: { 'ghcr.io': { auth: basic('anna:filed') }, 'https://index.docker.io/v1/': {} },
      });
      assert.deepEqual(await place.ask('docker.io'), { username: '<token>', password: 'hub-token' });
      assert.deepEqual(await place.ask('ghcr.io'), { username: 'anna', password: 'filed' });
    });
  });

  for (const [name, script, why] of [
    ['fails', `echo 'token helper-secret rejected' >&2; exit 3`, /it exits with 3/],
    ['answers in another form', `echo 'helper-secret'`, /its answer has another form/],
  ] as const) {
    it(`say unauthorized when the helper ${name}, without its output`, async () => {
      await withHelper('preheat-broken', script, async () => {
        await using place = await openSource({ credHelpers: { 'ecr.example.com': 'preheat-broken' } });
        await assert.rejects(place.ask('ecr.example.com'), (thrown) => {
          assert.ok(thrown instanceof PreheatError);
          assert.match(thrown.message, why);
          assert.doesNotMatch(
            JSON.stringify(thrown) + messageOf(thrown) + String(thrown.cause),
            /helper-secret/,
          );
          return thrown.code === 'unauthorized';
        });
      });
    });
  }

  it('say so when the helper is not installed', async () => {
    await using place = await openSource({ credsStore: 'preheat-absent' });
    await assert.rejects(place.ask('ghcr.io'), /docker-credential-preheat-absent: it cannot be run/);
  });

  it('tell of a broken configuration file without quoting it', async () => {
    for (const config of ['{"auths":{"ghcr.io":{"auth":"c2VjcmV0', { auths: { 'ghcr.io': { auth: 42 } } }]) {
      await using place = await openSource(config);
      await assert.rejects(place.ask('ghcr.io'), (thrown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.match(thrown.message, /^cannot read .*config\.json: it is no Docker configuration$/);
        assert.equal(thrown.cause, undefined);
        return true;
      });
    }
  });
});
