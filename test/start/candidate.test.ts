import assert from 'node:assert/strict';
import { firstKept } from '../../src/start/candidate.ts';
import { labelText, memoryStore, SIGNAL } from './memory-store.ts';

const LOCATION = { kind: 'registry', registry: 'registry.example', repository: 'team/app' } as const;

function tags(...names: readonly string[]) {
  return names.map((tag) => ({ tag, why: `tag ${tag}` }));
}

describe('firstKept', () => {
  it('takes the first in the given order, asking for few by name', async () => {
    const store = memoryStore(LOCATION);
    for (const tag of ['b', 'c']) store.add(tag, { layers: [], label: labelText() });
    assert.deepEqual(await firstKept(tags('a', 'b', 'c'), store, SIGNAL), { tag: 'b', why: 'tag b' });
    assert.deepEqual(store.asked, ['resolve a', 'resolve b']);
  });

  it('asks for many by one listing', async () => {
    const store = memoryStore(LOCATION);
    store.add('commit-77', { layers: [], label: labelText() });
    const many = tags(...Array.from({ length: 100 }, (_, n) => `commit-${n}`));
    assert.equal((await firstKept(many, store, SIGNAL))?.tag, 'commit-77');
    assert.deepEqual(store.asked.slice(3), ['list', 'resolve commit-77']);
  });

  it('finds nothing where nothing is', async () => {
    const store = memoryStore(LOCATION);
    assert.equal(await firstKept([], store, SIGNAL), undefined);
    assert.deepEqual(store.asked, []);
    assert.equal(await firstKept(tags('a', 'b', 'c', 'd'), store, SIGNAL), undefined);
  });
});
