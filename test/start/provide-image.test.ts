import assert from 'node:assert/strict';
import { createLog, type LogEvent } from '../../src/kernel/log.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import type { Location } from '../../src/oci/location.ts';
import { engineName } from '../../src/start/engine-name.ts';
import { provideImage } from '../../src/start/provide-image.ts';
import { findWarmImage } from '../../src/start/warm-image.ts';
import { fakeEngine, type FakeEngine, type FakeEngineOptions } from './fake-engine.ts';
import { labelText, memoryStore, SIGNAL, someLayer, type MemoryStore } from './memory-store.ts';

const REGISTRY: Location = { kind: 'registry', registry: 'registry.example', repository: 'team/app' };
const LAYOUT: Location = { kind: 'layout', directory: '/nowhere' };
const LAYERS = ['base', 'task', 'source'].map(someLayer);

interface Provided {
  readonly image: string;
  readonly engine: FakeEngine;
  readonly store: MemoryStore;
  readonly told: string;
}

async function provide(
  location: Location,
  options: FakeEngineOptions,
  arrives: 'arrives' | 'arrives by name' | 'present' | 'lost',
): Promise<Provided> {
  const store = memoryStore(location);
  const { config } = store.add('t', { layers: LAYERS, label: labelText() });
  const warm = await findWarmImage({ candidates: [{ tag: 't', why: 'a test' }] }, store, SIGNAL);
  const engine = fakeEngine({
    ...options,
    ...(arrives === 'present' ? { present: [config.digest] } : {}),
    ...(arrives === 'arrives' ? { arrives: config.digest } : {}),
    ...(arrives === 'arrives by name' ? { arrives: engineName(warm.digest) } : {}),
  });
  const events: LogEvent[] = [];
  const log = createLog((event) => events.push(event), { clock: systemClock, redactor: createRedactor() });
  const blobs = location.kind === 'layout' ? store : undefined;
  const image = await provideImage(warm, { store, images: engine.images, blobs, log }, SIGNAL);
  const end = events.findLast((event) => event.type === 'step-end');
  return { image, engine, store, told: `${end?.outcome}: ${end?.detail}` };
}

describe('provideImage', () => {
  it('fetches nothing when the engine has the image', async () => {
    for (const location of [REGISTRY, LAYOUT]) {
      const { image, engine, store, told } = await provide(location, {}, 'present');
      assert.match(image, /^image sha256:/);
      assert.deepEqual(engine.calls, ['find']);
      assert.equal(store.asked.filter((call) => call.startsWith('open')).length, 0);
      assert.match(told, /^reused: [0-9a-f]{12} is on the engine already$/);
    }
  });

  it('pulls from a registry by digest', async () => {
    const { image, engine } = await provide(REGISTRY, {}, 'arrives');
    assert.match(engine.calls.at(-1) ?? '', /^pull registry\.example\/team\/app@sha256:[0-9a-f]{64}$/);
    assert.equal(image, `id of ${engine.calls.at(-1)?.slice('pull '.length)}`);
  });

  it('loads only the layers that the engine lacks from a layout', async () => {
    const presentLayers = LAYERS.slice(0, 2).map(({ diffId }) => diffId);
    const { engine, store, told } = await provide(LAYOUT, { presentLayers }, 'arrives');
    assert.deepEqual(engine.calls, ['find', 'find', 'count', 'load', 'find']);
    assert.equal(store.asked.filter((call) => call.startsWith('open')).length, 2, 'config and one layer');
    assert.equal(told, 'done: loaded 1 of 3 layers, 6 B');
  });

  it('loads all layers where the engine refuses an archive of some', async () => {
    const presentLayers = LAYERS.slice(0, 2).map(({ diffId }) => diffId);
    const { engine, store } = await provide(LAYOUT, { presentLayers, refusesPartial: true }, 'arrives');
    assert.deepEqual(engine.calls, ['find', 'find', 'count', 'load', 'load', 'find']);
    assert.equal(store.asked.filter((call) => call.startsWith('open')).length, 2 + 4);
  });

  it('finds what it loaded where the engine numbers images in its own way', async () => {
    const { image } = await provide(LAYOUT, {}, 'arrives by name');
    assert.match(image, /^image preheat:[0-9a-f]{12}$/);
  });

  it('tells an image that did not arrive', async () => {
    await assert.rejects(provide(LAYOUT, {}, 'lost'), {
      code: 'engine',
      message: /^cannot start oci:\/nowhere@sha256:\w+: the engine does not have it after it was loaded$/,
    });
  });
});
