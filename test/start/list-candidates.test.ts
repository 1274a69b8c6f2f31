import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listCandidates, type WantedRef } from '../../src/start/list-candidates.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' } as const;
const SCOPES = [
  { kind: 'branch', branch: 'feature' },
  { kind: 'protected', branch: 'main' },
] as const;
const WANTED: WantedRef = {
  commits: ['aaaa', 'bbbb', 'cccc'],
  branch: 'feature',
  scopes: SCOPES,
  defaultBranch: 'main',
  platform: PLATFORM,
};
const tags = (wanted: WantedRef) => listCandidates(wanted).map(({ tag }) => tag);

describe('candidates of a warm start', () => {
  it('are the commit in each scope, its ancestors, and last the default branch', () => {
    assert.deepEqual(tags(WANTED), [
      'commit-branch.feature-aaaa',
      'commit-protected.main-aaaa',
      'commit-branch.feature-bbbb',
      'commit-protected.main-bbbb',
      'commit-branch.feature-cccc',
      'commit-protected.main-cccc',
      'branch-main',
    ]);
    assert.deepEqual(
      listCandidates(WANTED)
        .filter((_, at) => at % 2 === 0)
        .map(({ why }) => why),
      ['commit aaaa', 'commit bbbb, 1 behind', 'commit cccc, 2 behind', 'the newest of branch main'],
    );
  });

  it('of a branch that the clone does not know begin with its hint', () => {
    assert.deepEqual(tags({ ...WANTED, commits: [] }), ['branch-feature', 'branch-main']);
  });

  it('of a pull request begin with its hint', () => {
    assert.deepEqual(tags({ ...WANTED, commits: [], branch: undefined, pullRequest: 7 }), [
      'pr-7',
      'branch-main',
    ]);
  });

  it('of another platform have other tags', () => {
    const wanted = {
      ...WANTED,
      commits: ['aaaa'],
      platform: { os: 'linux', architecture: 'arm64' } as const,
    };
    assert.equal(tags(wanted)[0], 'commit-branch.feature-aaaa-linux.arm64');
  });

  it('name no tag twice and ask for the nearest commits first', () => {
    const id = fc.stringMatching(/^[0-9a-f]{40}$/);
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 20 }), (commits) => {
        const found = tags({ ...WANTED, commits, branch: 'main', scopes: SCOPES.slice(1) });
        assert.equal(new Set(found).size, found.length);
        const asked = found.flatMap((tag) => commits.filter((commit) => tag.endsWith(commit)));
        assert.deepEqual(asked, commits);
      }),
    );
  });
});
