import assert from 'node:assert/strict';
import type { ForgeUnderTest } from './forge-under-test.ts';

/** What every forge promises about finding pull requests. */
export function describePullRequests(start: () => Promise<ForgeUnderTest>): void {
  const signal = new AbortController().signal;
  const branch = 'feature/"quoted" \\ ünïcode';

  for (const isIndexed of [true, false]) {
    const how = isIndexed ? 'by commit' : 'by branch';
    const startIndexed = async (): Promise<ForgeUnderTest> => {
      const subject = await start();
      if (isIndexed) subject.indexCommits();
      return subject;
    };

    it(`finds the open pull requests of a commit, lowest first, ${how}`, async () => {
      await using subject = await startIndexed();
      const { forge, commit } = subject;
      subject.openPullRequest({ id: 12, branch, commit });
      subject.openPullRequest({ id: 3, branch, commit });
      subject.openPullRequest({ id: 4, branch, commit, state: 'MERGED' });
      assert.deepEqual(await forge.findPullRequests(commit, branch, { signal }), [3, 12]);
    });

    it(`finds none whose newest commit is another, ${how}`, async () => {
      await using subject = await startIndexed();
      const { forge, commit, otherCommit } = subject;
      subject.openPullRequest({ id: 1, branch, commit: otherCommit });
      assert.deepEqual(await forge.findPullRequests(commit, branch, { signal }), []);
    });

    it(`finds none that comes from a fork, ${how}`, async () => {
      await using subject = await startIndexed();
      const { forge, commit } = subject;
      subject.openPullRequest({ id: 1, branch, commit, fork: 'stranger/app' });
      assert.deepEqual(await forge.findPullRequests(commit, branch, { signal }), []);
    });

    it(`finds none where there is none, ${how}`, async () => {
      await using subject = await startIndexed();
      subject.openPullRequest({ id: 1, branch: 'other', commit: subject.otherCommit });
      assert.deepEqual(await subject.forge.findPullRequests(subject.commit, branch, { signal }), []);
    });
  }

  it('finds them by commit alone where there is no branch, and without an index none', async () => {
    await using subject = await start();
    const { forge, commit } = subject;
    subject.openPullRequest({ id: 7, branch, commit });
    assert.deepEqual(await forge.findPullRequests(commit, undefined, { signal }), []);
    subject.indexCommits();
    assert.deepEqual(await forge.findPullRequests(commit, undefined, { signal }), [7]);
  });

  it('finds all of more than one page', async () => {
    await using subject = await start();
    const { forge, commit } = subject;
    const ids = Array.from({ length: 60 }, (_, index) => index + 1);
    for (const id of ids) subject.openPullRequest({ id, branch, commit });
    assert.deepEqual(await forge.findPullRequests(commit, branch, { signal }), ids);
    subject.indexCommits();
    assert.deepEqual(await forge.findPullRequests(commit, undefined, { signal }), ids);
  });
}
