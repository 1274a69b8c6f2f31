import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { makeRuntimeLayer } from '../../src/build/runtime-layer.ts';

const FILES = [
  { path: '/usr/local/bin/gp', mode: 0o755, content: Buffer.from('gp') },
  { path: '/.preheat/bin/start', mode: 0o755, content: Buffer.from('start') },
  { path: '/.preheat/notes', mode: 0o644, content: Buffer.from('notes') },
];

describe('makeRuntimeLayer', () => {
  it('holds the files and our own folders only, whatever order they come in', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-runtime-'));
    const options = { signal: AbortSignal.timeout(60_000) };
    const staging = await openStaging(folder.path, options);
    const first = await makeRuntimeLayer(FILES, staging, options);
    const second = await makeRuntimeLayer(FILES.toReversed(), staging, options);
    assert.equal(first.layer.digest, second.layer.digest);
    assert.deepEqual(
      [...first.carried.keys()].map((path) => [path, first.carried.get(path)]),
      [
        ['.preheat', 'directory'],
        ['.preheat/bin', 'directory'],
        ['.preheat/bin/start', 'leaf'],
        ['.preheat/notes', 'leaf'],
        ['usr/local/bin/gp', 'leaf'],
      ],
    );
    const blob = join(folder.path, 'blobs/sha256', first.layer.digest.slice('sha256:'.length));
    const { stdout } = spawnSync('tar', ['-tvzf', blob, '--numeric-owner'], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/\s+/g, ' ')),
      [
        'drwxr-xr-x 0/0 0 1990-01-01 00:00 .preheat/',
        'drwxr-xr-x 0/0 0 1990-01-01 00:00 .preheat/bin/',
        '-rwxr-xr-x 0/0 5 1990-01-01 00:00 .preheat/bin/start',
        '-rw-r--r-- 0/0 5 1990-01-01 00:00 .preheat/notes',
        '-rwxr-xr-x 0/0 2 1990-01-01 00:00 usr/local/bin/gp',
      ],
    );
  });
});
