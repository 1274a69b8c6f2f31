import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { LocalImage } from '../../src/observe/local-images.ts';
import { resolveBase } from '../../src/observe/resolve-base.ts';
import type { PinBook } from '../../src/observe/pin-book.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { formatReference } from '../../src/oci/reference.ts';
import { silentLog } from '../support/silent-log.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const REMOTE = digestOf('manifest in the registry');
const LOCAL: LocalImage = { id: digestOf('image of the engine'), platform: PLATFORM, fromRegistry: true };
const PIN = { digest: digestOf('pinned'), pinnedAt: '2026-01-02T03:04:05Z' };
const unreachable = new PreheatError('cannot reach docker.io: no such host', {
  phase: 'observe',
  code: 'unreachable',
});

const unauthorized = new PreheatError('cannot resolve node:24: unauthorized', {
  phase: 'observe',
  code: 'unauthorized',
  hint: 'Log in.',
});

interface World {
  readonly registry?: 'has it' | 'has it not' | 'down' | 'refuses';
  readonly local?: LocalImage | 'engine down';
  readonly pins?: Partial<PinBook>;
}

function resolve(reference: string, { registry = 'has it not', local, pins }: World) {
  const asked: string[] = [];
  const { log, lines } = silentLog();
  const store: Pick<ContentStore, 'resolve'> = {
    resolve: async () => {
      if (registry === 'down') throw unreachable;
      if (registry === 'refuses') throw unauthorized;
      return registry === 'has it' ? { mediaType: 'x', digest: REMOTE, size: 1 } : undefined;
    },
  };
  const sources = {
    log,
    pins: { follow: async () => undefined, find: async () => undefined, ...pins },
    openStore: (parsed: Parameters<typeof formatReference>[0]) => {
      asked.push(formatReference(parsed));
      return store as ContentStore;
    },
    localImages: {
      find: async () => {
        if (local === 'engine down')
          throw new PreheatError('cannot reach the engine', { phase: 'observe', code: 'engine' });
        return local;
      },
    },
  };
  const options = { platform: PLATFORM, signal: new AbortController().signal };
  const resolved = resolveBase(reference, sources, options);
  resolved.catch(() => undefined);
  return { asked, lines, resolved, base: resolved.then(({ base }) => base) };
}

describe('resolveBase', () => {
  it('asks the registry that the reference names', async () => {
    const { asked, base } = resolve('node:24', { registry: 'has it' });
    assert.deepEqual(await base, {
      reference: 'docker.io/library/node:24',
      digest: REMOTE,
      source: 'registry',
    });
    assert.deepEqual(asked, ['docker.io/library/node:24']);
  });

  it('prefers the registry to an older copy of the same name on the engine', async () => {
    const { base } = resolve('node:24', { registry: 'has it', local: LOCAL });
    assert.equal((await base).digest, REMOTE);
  });

  it('takes an image that was only made on this engine at its name, without asking anyone', async () => {
    const { asked, base } = resolve('node:24', {
      registry: 'has it',
      local: { ...LOCAL, fromRegistry: false },
    });
    assert.deepEqual(await base, {
      reference: 'docker.io/library/node:24',
      digest: LOCAL.id,
      source: 'engine',
    });
    assert.deepEqual(asked, []);
  });

  it('asks no one about a digest', async () => {
    const { asked, base } = resolve(`node@${REMOTE}`, { registry: 'down' });
    assert.equal((await base).digest, REMOTE);
    assert.deepEqual(asked, []);
  });

  it('falls back to the engine where no registry answers, and says so', async () => {
    const { base, lines } = resolve('node:24', { registry: 'down', local: LOCAL });
    assert.equal((await base).source, 'engine');
    assert.match(lines.join('\n'), /no such host; taking the one that the engine has/);
  });

  it('falls back to the engine where the registry does not have the name, and says so', async () => {
    const { base, lines } = resolve('node:24', { registry: 'has it not', local: LOCAL });
    assert.equal((await base).source, 'engine');
    assert.match(lines.join('\n'), /has no library\/node:24; taking the one that the engine has/);
  });

  it('takes no copy of the engine where the registry refuses us, since it may have a newer one', async () => {
    const { base } = resolve('node:24', { registry: 'refuses', local: LOCAL });
    await assert.rejects(base, {
      phase: 'observe',
      code: 'unauthorized',
      message: /^cannot find base image node:24: cannot resolve node:24: unauthorized/,
      hint: 'Log in.',
    });
  });

  it('does not take an image of another platform', async () => {
    const local = { ...LOCAL, fromRegistry: false, platform: { os: 'linux', architecture: 'arm64' } };
    await assert.rejects(resolve('node:24', { local }).base, { code: 'not-found' });
  });

  it('names the image and the reason when it is nowhere', async () => {
    const missing = {
      message: /cannot find base image node:24: docker\.io has no library\/node:24/,
      phase: 'observe',
    };
    await assert.rejects(resolve('node:24', {}).base, missing);
    await assert.rejects(resolve('node:24', { registry: 'down', local: 'engine down' }).base, {
      code: 'unreachable',
      message: /no such host; and of the engine, which may have it: cannot reach the engine$/,
    });
  });

  it('takes a pin that is to be followed, and asks no one', async () => {
    const pins = { follow: async () => PIN };
    const { asked, resolved } = resolve('node:24', { registry: 'has it', local: LOCAL, pins });
    const reference = 'docker.io/library/node:24';
    assert.deepEqual(await resolved, {
      base: { reference, digest: PIN.digest, source: 'registry' },
      by: 'pin',
    });
    assert.deepEqual(asked, []);
  });

  it('takes an image that this engine made, and a digest, before any pin', async () => {
    const pins = { follow: async () => PIN };
    const made = { ...LOCAL, fromRegistry: false };
    assert.equal((await resolve('node:24', { local: made, pins }).resolved).by, 'engine');
    assert.equal((await resolve(`node@${REMOTE}`, { pins }).base).digest, REMOTE);
  });

  it('falls back to the last pin where no registry answers, and says so', async () => {
    const pins = { find: async () => PIN };
    const { base, lines } = resolve('node:24', { registry: 'down', local: LOCAL, pins });
    assert.equal((await base).digest, PIN.digest);
    assert.match(lines.join('\n'), /no such host; taking the one of 2026-01-02T03:04:05Z/);
  });

  it('does not fall back to a pin where the registry has lost the name or refuses us', async () => {
    const pins = { find: async () => PIN };
    await assert.rejects(resolve('node:24', { registry: 'has it not', pins }).base, { code: 'not-found' });
    await assert.rejects(resolve('node:24', { registry: 'refuses', pins }).base, { code: 'unauthorized' });
  });

  it('refuses what is no reference', async () => {
    await assert.rejects(resolve('No Image', {}).base, { phase: 'config', code: 'config-invalid' });
  });
});
