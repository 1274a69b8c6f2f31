import assert from 'node:assert/strict';
import { eventFromLocal, type LocalState } from '../../src/event/event-from-local.ts';
import { PushEvent } from '../../src/event/push-event.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const STATE: LocalState = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  branch: 'topic',
  remoteUrl: 'https://bitbucket.org/acme/web-shop.git',
  defaultBranch: 'main',
  name: 'web-shop',
};

describe('eventFromLocal', () => {
  it('tells the checkout as it is', () => {
    const event = eventFromLocal(STATE);
    assert.deepEqual(event, {
      schemaVersion: 1,
      trigger: 'local',
      commit: STATE.commit,
      ref: { kind: 'branch', name: 'topic' },
      repository: { name: 'web-shop', remoteUrl: 'https://bitbucket.org/acme/web-shop.git' },
      defaultBranch: 'main',
    });
    assert.deepEqual(PushEvent.parse(event), event);
  });

  it('is detached without a branch, and on another commit than that of the branch', () => {
    assert.deepEqual(eventFromLocal({ ...STATE, branch: undefined }).ref, { kind: 'detached' });
    const other = 'a'.repeat(40);
    const moved = eventFromLocal(STATE, { commit: other });
    assert.deepEqual([moved.commit, moved.ref], [other, { kind: 'detached' }]);
    const branch = eventFromLocal(STATE, { commit: other, branch: 'fix' });
    assert.deepEqual(branch.ref, { kind: 'branch', name: 'fix' });
    assert.deepEqual(eventFromLocal(STATE, { commit: STATE.commit }).ref, { kind: 'branch', name: 'topic' });
    assert.equal(eventFromLocal(STATE, { defaultBranch: 'trunk' }).defaultBranch, 'trunk');
  });

  for (const [remoteUrl, expected] of [
    ['https://me:s3cret@bitbucket.org/acme/web-shop', 'https://bitbucket.org/acme/web-shop'],
    ['http://localhost:3000/acme/web-shop/', 'http://localhost:3000/acme/web-shop'],
    ['git@bitbucket.org:acme/web-shop.git', 'git@bitbucket.org:acme/web-shop.git'],
    ['ssh://git:s3cret@bitbucket.org:22/acme/x.git', 'ssh://git@bitbucket.org:22/acme/x.git'],
    ['/home/me/web-shop', undefined],
    ['file:///home/me/web-shop', undefined],
    [undefined, undefined],
  ] as const) {
    it(`keeps ${expected ?? 'nothing'} of the remote ${remoteUrl ?? '(none)'}`, () => {
      assert.equal(eventFromLocal({ ...STATE, remoteUrl }).repository.remoteUrl, expected);
    });
  }

  it('tells everything that is wrong at once', () => {
    assert.throws(
      () => eventFromLocal({ ...STATE, name: '..' }, { commit: 'main', branch: 'a b' }),
      (thrown: unknown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.deepEqual([thrown.phase, thrown.code], ['event', 'event']);
        for (const part of ['commit "main"', 'branch "a b"', 'name ".."'])
          assert.ok(thrown.message.includes(part));
        return true;
      },
    );
  });

  it('allows folders with spaces', () => {
    assert.equal(eventFromLocal({ ...STATE, name: 'my shop' }).repository.name, 'my shop');
  });
});
