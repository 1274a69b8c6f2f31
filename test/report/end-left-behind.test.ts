import assert from 'node:assert/strict';
import type { BuildStatus, KeptStatus } from '../../src/report/forge.ts';
import { endLeftBehind } from '../../src/report/end-left-behind.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const HOUR = 3_600_000;
const STATUS: KeptStatus = {
  commit: 'c'.repeat(40),
  key: 'k',
  state: 'INPROGRESS',
  name: 'Workspace image',
  description: 'Building',
  url: 'https://example.org/7',
  refname: 'main',
  updatedAt: NOW - 3 * HOUR,
};

async function setAfter(found: KeptStatus | undefined): Promise<readonly BuildStatus[]> {
  const set: BuildStatus[] = [];
  await endLeftBehind(
    STATUS,
    {
      findStatus: async () => found,
      setStatus: async (status) => {
        set.push(status);
        return { replaced: true };
      },
    },
    { now: () => new Date(NOW), sleep: async () => undefined },
    { signal: new AbortController().signal },
  );
  return set;
}

describe('a status that a killed run left', () => {
  it('is ended, and keeps where it leads and whose it is', async () => {
    const [status, ...more] = await setAfter(STATUS);
    assert.deepEqual(more, []);
    const { updatedAt: _, description: __, ...kept } = STATUS;
    assert.partialDeepStrictEqual(status, { ...kept, state: 'STOPPED' });
    assert.match(status?.description ?? '', /killed/);
  });

  for (const [what, found] of [
    ['that has ended', { ...STATUS, state: 'FAILED' }],
    ['of a run that may go on', { ...STATUS, updatedAt: NOW - 2 * HOUR + 1 }],
    ['that is not there', undefined],
  ] as const)
    it(`stays as it is where it is one ${what}`, async () => {
      assert.deepEqual(await setAfter(found), []);
    });

  it('stays where nobody knows how old it is', async () => {
    const { updatedAt: _, ...ageless } = STATUS;
    assert.deepEqual(await setAfter(ageless), []);
  });
});
