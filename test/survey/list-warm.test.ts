import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { branchHint, commitTag, pullRequestHint } from '../../src/oci/tags.ts';
import { listWarm } from '../../src/survey/list-warm.ts';
import { renderWarm } from '../../src/survey/render-warm.ts';
import { silentLog } from '../support/silent-log.ts';

const ON = { os: 'linux', architecture: 'amd64' };
const MAIN = { kind: 'protected', branch: 'main' } as const;
const options = { signal: new AbortController().signal };
const NOW = new Date('2026-01-10T00:00:00Z');

/** The id of the commit of a day of January. */
const commitOf = (day: number): string => String(day).padStart(40, '0');
const timeOf = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;

function storeWith(tags: ReadonlyMap<string, string>, damaged: readonly string[] = []) {
  const asked: string[] = [];
  const descriptor = { mediaType: 'm', digest: digestOf('image'), size: 1 };
  const layers = [3_000_000, 2_000_000].map((size) => ({ ...descriptor, size }));
  const store: Pick<ContentStore, 'location' | 'listTags' | 'readManifest'> = {
    location: { kind: 'registry', registry: 'registry.example.com', repository: 'team/app' },
    listTags: async () => [...tags.keys(), 'latest', `step-protected.main-${'a'.repeat(40)}`],
    readManifest: async (tag) => {
      asked.push(tag);
      if (damaged.includes(tag))
        throw new PreheatError('cannot read it', { phase: 'observe', code: 'corrupt' });
      const annotations = { [ANNOTATION.revision]: tags.get(tag) ?? '' };
      return { descriptor, manifest: { schemaVersion: 2, config: descriptor, layers, annotations } };
    },
  };
  return { asked, store: store as ContentStore };
}

const dates = {
  datesOf: async (commits: readonly string[]) =>
    new Map(
      commits.flatMap((commit) => (Number(commit) <= 9 ? [[commit, timeOf(Number(commit))] as const] : [])),
    ),
};

describe('listWarm', () => {
  it('reads the manifests of hints and of the newest ten commits, and no other', async () => {
    const days = Array.from({ length: 30 }, (_, at) => at + 1);
    const commits = days.map((day) => [commitTag(MAIN, commitOf(day), ON), commitOf(day)] as const);
    const hints = [
      [branchHint('main', ON), commitOf(9)],
      [pullRequestHint(7, ON), commitOf(8)],
    ] as const;
    const { asked, store } = storeWith(new Map([...commits, ...hints]));
    const { log } = silentLog();
    const warm = await listWarm({ store, dates, log }, options);
    assert.equal(asked.length, 12);
    assert.deepEqual([warm.commits, warm.records], [30, 1]);
    // Of the days after the ninth the clone knows nothing, so they come last.
    assert.deepEqual(
      warm.images.slice(0, 4).map(({ kind, commit }) => [kind, Number(commit)]),
      [
        ['branch', 9],
        ['commit', 9],
        ['pull-request', 8],
        ['commit', 8],
      ],
    );
    assert.deepEqual(renderWarm(warm, NOW).slice(0, 6), [
      'branches',
      `  main  ${commitOf(9).slice(0, 12)}  1 d old  5.0 MB in 2 layers`,
      '',
      'pull requests',
      `  7  ${commitOf(8).slice(0, 12)}  2 d old  5.0 MB in 2 layers`,
      '',
    ]);
  });

  it('leaves out what cannot be read, and says so', async () => {
    const tag = branchHint('main', ON);
    const { store } = storeWith(new Map([[tag, commitOf(1)]]), [tag]);
    const { log, lines } = silentLog();
    const warm = await listWarm({ store, dates, log }, options);
    assert.deepEqual(warm.images, []);
    assert.deepEqual(lines, [`cannot read ${tag}: cannot read it; left out`]);
    assert.deepEqual(renderWarm(warm, NOW), ['nothing is warm in registry.example.com/team/app']);
  });
});
