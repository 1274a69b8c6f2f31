import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { printSpec } from '../../src/start/print-spec.ts';
import { publishedPorts, runSpec } from '../../src/start/run-spec.ts';
import { findWarmImage, type WarmImage } from '../../src/start/warm-image.ts';
import { labelText, memoryStore, SIGNAL } from './memory-store.ts';

async function warmImage(label: Readonly<Record<string, unknown>> = {}): Promise<WarmImage> {
  const store = memoryStore({ kind: 'registry', registry: 'registry.example', repository: 'team/app' });
  store.add('t', { layers: [], label: labelText(label) });
  return findWarmImage({ candidates: [{ tag: 't', why: 'a test' }] }, store, SIGNAL);
}

const REQUEST = {
  image: 'sha256:abc',
  id: '42',
  repository: 'my app/ü',
  network: 'bridge',
  env: { A: "it's" },
};

describe('runSpec', () => {
  it('takes user, folder and ports from the label', async () => {
    const ports = [{ first: 3000, last: 3000, onOpen: 'notify' }];
    const warm = await warmImage({ user: 'node', workspaceLocation: '/workspace/app/web', ports });
    assert.deepEqual(runSpec({ ...REQUEST, warm, takenNames: new Set() }), {
      image: 'sha256:abc',
      name: 'preheat-my-app--1a2b3c4',
      command: ['/.preheat/start'],
      user: 'node',
      workingDirectory: '/workspace/app/web',
      env: { A: "it's" },
      labels: { 'dev.preheat.workspace.id': '42', 'dev.preheat.workspace.repository': 'my app/ü' },
      ports: [3000],
      portsVariable: 'PREHEAT_PORTS',
      network: 'bridge',
    });
  });

  it('passes over names that are taken', async () => {
    const takenNames = new Set(['preheat-app-1a2b3c4', 'preheat-app-1a2b3c4-2']);
    const spec = runSpec({ ...REQUEST, repository: 'app', warm: await warmImage(), takenNames });
    assert.equal(spec.name, 'preheat-app-1a2b3c4-3');
  });

  it('publishes each port once, but no wide range and nothing that is to be ignored completely', async () => {
    const port = (first: number, last: number, onOpen = 'ignore') => ({ first, last, onOpen });
    const ports = [
      port(9000, 9002),
      port(9001, 9001),
      port(80, 80),
      port(3000, 3999),
      port(1, 1, 'ignore-completely'),
    ];
    assert.deepEqual(publishedPorts((await warmImage({ ports })).label), [80, 9000, 9001, 9002]);
  });
});

describe('printSpec', () => {
  it('writes a command that a shell takes apart as it was meant', async () => {
    const ports = [{ first: 3000, last: 3000, onOpen: 'notify' }];
    const line = printSpec(runSpec({ ...REQUEST, warm: await warmImage({ ports }), takenNames: new Set() }));
    const words = execFileSync('sh', ['-c', `docker() { printf '%s\\0' "$@"; }; ${line}`]).toString('utf8');
    const options = [
      ['--name', 'preheat-my-app--1a2b3c4'],
      ['--user', 'gitpod'],
      ['--workdir', '/workspace/app'],
      ['--network', 'bridge'],
      ['--entrypoint', '/.preheat/start'],
      ['--env', "A=it's"],
      ['--label', 'dev.preheat.workspace.id=42'],
      ['--label', 'dev.preheat.workspace.repository=my app/ü'],
      ['--publish', '127.0.0.1:3000:3000'],
    ];
    const run = ['run', '--detach', '--init', ...options.flat(), 'sha256:abc'];
    assert.deepEqual(words.split('\0').slice(0, -1), run);
  });
});
