import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { guardSecrets } from '../../src/build/secret-guard.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { runToEnd } from '../support/engine.ts';
import { openBench, sourceEntry } from './step-run.ts';

const options = { signal: AbortSignal.timeout(120_000) };
const TOKEN = 'a-token-that-is-secret';
const SECRETS = { TOKEN, KEY: 'another-secret-value' };

function asStream(tar: Uint8Array): AsyncIterable<Uint8Array> {
  return (async function* () {
    for (let at = 0; at < tar.length; at += 700) yield tar.subarray(at, at + 700);
  })();
}

/** What the guard says of a layer. */
async function refusalOf(tar: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-guard-'));
  const guard = guardSecrets(await openStaging(folder.path, options), SECRETS);
  await guard.staging.addLayer('task', tar, options);
  try {
    guard.check();
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof PreheatError);
    assert.deepEqual([thrown.phase, thrown.code], ['build', 'task-failed']);
    return thrown.message;
  }
}

const refusedEntries = (...entries: readonly TarEntry[]) => refusalOf(tarOf(entries));

describe('the guard of layers', () => {
  it('lets a layer pass that holds no secret, as the bytes that it is', async () => {
    const entries = [sourceEntry('a', { text: 'a-token-that-is' }), sourceEntry('b', { text: '-secret' })];
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-guard-'));
    const staging = await openStaging(folder.path, options);
    const guard = guardSecrets(staging, SECRETS);
    const layer = await guard.staging.addLayer('task', tarOf(entries), options);
    guard.check();
    assert.deepEqual(layer, await staging.addLayer('task', tarOf(entries), options));
  });

  it('names the files that hold one, a few of each', async () => {
    const text = `x=${TOKEN}\n`;
    assert.equal(
      await refusedEntries(sourceEntry('root/.npmrc', { text }), sourceEntry('root/other', { text: 'none' })),
      'cannot publish what the tasks left: /root/.npmrc holds the secret TOKEN',
    );
    const many = ['a', 'b', 'c', 'd', 'e'].map((path) => sourceEntry(path, { text }));
    assert.equal(
      await refusedEntries(...many, sourceEntry('f', { text: `${text}another-secret-value` })),
      'cannot publish what the tasks left: /a, /b, /c and 3 more hold the secret TOKEN; /f holds the secret KEY',
    );
  });

  it('finds one in a name, a link’s target and an extended attribute', async () => {
    const link = { kind: 'symlink', size: 0, target: `../${TOKEN}` } as const;
    assert.match((await refusedEntries(sourceEntry('link', link))) ?? '', /: \/link holds the secret TOKEN$/);
    const named = await refusedEntries(sourceEntry(`x/${TOKEN}/y`, { text: '' }));
    assert.match(named ?? '', /holds the secret TOKEN$/);
    const script = `cd "$(mktemp -d)" && trap 'rm -rf "$PWD"' EXIT && touch noted && tar --create --format=posix --pax-option=SCHILY.xattr.user.note:=${TOKEN} noted`;
    const { stdout } = spawnSync('bash', ['-c', script]);
    assert.match((await refusalOf(asStream(stdout))) ?? '', /: \/noted holds the secret TOKEN$/);
  });

  it('finds one in a file whose content is encoded, and across the pieces of a large one', async () => {
    const text = `${'x'.repeat(200_000)}${Buffer.from(`user:${TOKEN}`).toString('base64')}${'y'.repeat(100_000)}`;
    assert.match((await refusedEntries(sourceEntry('config.json', { text }))) ?? '', /\/config\.json holds/);
  });
});

describe('secrets of a step', () => {
  it('are in the environment of its tasks, and neither in that of their container nor in a file there', async () => {
    await using bench = await openBench();
    let seen = { env: '', files: '' };
    await bench.run([{ init: 'test ${#TOKEN} = 22 && printenv TOKEN > /tmp/x' }], {
      access: { secrets: SECRETS },
      onDispose: async (container) => {
        const { Config } = await new Docker().getContainer(container.id).inspect();
        const { stdout } = await runToEnd(container, [
          'grep',
          '-rl',
          TOKEN,
          '/run',
          '/tmp',
          '/etc',
          '/workspace',
        ]);
        seen = { env: JSON.stringify(Config), files: stdout };
      },
    });
    assert.ok(!seen.env.includes(TOKEN));
    assert.equal(seen.files, '/tmp/x\n', 'grep finds what is there');
  });

  it('are the passwords of proxies too, which are refused in a layer', async () => {
    await using bench = await openBench();
    const proxies = {
      HTTP_PROXY: 'http://me:p%40ssword-of-a-proxy@proxy.invalid:3128',
      HTTPS_PROXY: 'http://proxy.invalid:3128',
      NO_PROXY: 'example.org',
    };
    await assert.rejects(
      bench.run([{ init: 'git config --global http.proxy "$http_proxy"; echo "$HTTPS_PROXY" > unharmed' }], {
        access: { proxies },
      }),
      /cannot publish what the tasks left: \/root\/.gitconfig holds the secret HTTP_PROXY$/,
    );
  });
});
