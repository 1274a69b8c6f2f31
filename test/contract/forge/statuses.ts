import assert from 'node:assert/strict';
import { PreheatError } from '../../../src/kernel/failure.ts';
import type { BuildStatus } from '../../../src/report/forge.ts';
import type { ForgeUnderTest } from './forge-under-test.ts';

/** What every forge promises about build statuses. */
export function describeStatuses(start: () => Promise<ForgeUnderTest>): void {
  const status = (commit: string, changes: Partial<BuildStatus> = {}): BuildStatus => ({
    commit,
    key: 'preheat-0123456789ab',
    state: 'INPROGRESS',
    name: 'Workspace image',
    description: 'Building the workspace image',
    url: 'https://bitbucket.org/team/app/pipelines/results/7',
    refname: 'feature/ünïcode #1',
    ...changes,
  });
  const signal = new AbortController().signal;

  it('shows a status with all that it says', async () => {
    await using subject = await start();
    const { commit, ...told } = status(subject.commit);
    await subject.forge.setStatus({ commit, ...told }, { signal });
    assert.deepEqual(await subject.statuses(), [told]);
  });

  it('shows a status without a branch', async () => {
    await using subject = await start();
    const { refname: _, ...told } = status(subject.commit);
    await subject.forge.setStatus(told, { signal });
    assert.deepEqual(
      (await subject.statuses()).map((shown) => Object.hasOwn(shown, 'refname')),
      [false],
    );
  });

  it('overwrites a status by its key and keeps those of other keys', async () => {
    await using subject = await start();
    const { forge, commit } = subject;
    await forge.setStatus(status(commit), { signal });
    await forge.setStatus(status(commit, { key: 'other', state: 'FAILED' }), { signal });
    await forge.setStatus(status(commit, { state: 'SUCCESSFUL', description: 'Warm' }), { signal });
    const shown = (await subject.statuses()).map(({ key, state }) => `${key} ${state}`);
    assert.deepEqual(shown.toSorted(), ['other FAILED', 'preheat-0123456789ab SUCCESSFUL']);
  });

  it('tells whether a status of the key stood there before', async () => {
    await using subject = await start();
    const { forge, commit, otherCommit } = subject;
    const told: boolean[] = [];
    for (const next of [
      status(commit),
      status(commit, { state: 'FAILED' }),
      status(commit, { key: 'other' }),
      status(otherCommit),
    ])
      told.push((await forge.setStatus(next, { signal })).replaced);
    assert.deepEqual(told, [false, true, false, false]);
  });

  it('finds a status by commit and key, with the moment when it was set', async () => {
    await using subject = await start();
    const told = status(subject.commit, { state: 'STOPPED' });
    await subject.forge.setStatus(status(subject.commit), { signal });
    const first = await subject.forge.findStatus(subject.commit, told.key, { signal });
    await subject.forge.setStatus(told, { signal });
    const { updatedAt, ...found } =
      (await subject.forge.findStatus(subject.commit, told.key, { signal })) ?? {};
    assert.deepEqual(found, told);
    assert.ok((updatedAt ?? 0) > (first?.updatedAt ?? Infinity));
  });

  it('finds a status without a branch', async () => {
    await using subject = await start();
    const { refname: _, ...told } = status(subject.commit);
    await subject.forge.setStatus(told, { signal });
    const { updatedAt: __, ...found } =
      (await subject.forge.findStatus(subject.commit, told.key, { signal })) ?? {};
    assert.deepEqual(found, told);
  });

  it('finds no status of another key, nor of a commit that it does not know', async () => {
    await using subject = await start();
    const { forge, commit, otherCommit, unknownCommit } = subject;
    await forge.setStatus(status(commit), { signal });
    const { key } = status(commit);
    assert.equal(await forge.findStatus(commit, 'other', { signal }), undefined);
    assert.equal(await forge.findStatus(otherCommit, key, { signal }), undefined);
    assert.equal(await forge.findStatus(unknownCommit, key, { signal }), undefined);
  });

  it('takes a key of 40 characters and texts of 255', async () => {
    await using subject = await start();
    const long = status(subject.commit, {
      key: 'k'.repeat(40),
      name: 'n'.repeat(255),
      description: 'd'.repeat(255),
    });
    await subject.forge.setStatus(long, { signal });
    assert.equal((await subject.statuses()).length, 1);
  });

  it('refuses a status of a commit that it does not know', async () => {
    await using subject = await start();
    await assert.rejects(subject.forge.setStatus(status(subject.unknownCommit), { signal }), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.equal(thrown.phase, 'report');
      assert.equal(thrown.code, 'not-found');
      assert.match(thrown.message, /^cannot report the build status: /);
      return true;
    });
  });

  it('refuses a key of 41 characters and says why', async () => {
    await using subject = await start();
    const long = status(subject.commit, { key: 'k'.repeat(41) });
    await assert.rejects(subject.forge.setStatus(long, { signal }), /at most 40 characters/);
    assert.deepEqual(await subject.statuses(), []);
  });

  it('sends nothing when it is told to stop before it began', async () => {
    await using subject = await start();
    const stopped = AbortSignal.abort(new Error('stopped'));
    await assert.rejects(subject.forge.setStatus(status(subject.commit), { signal: stopped }), /stopped/);
    assert.deepEqual(await subject.statuses(), []);
  });
}
