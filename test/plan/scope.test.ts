import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PushEvent } from '../../src/event/push-event.ts';
import { scopesOf, scopeText } from '../../src/plan/scope.ts';
import { EVENT } from '../support/records.ts';

const onBranch = (name: string): PushEvent => ({ ...EVENT, ref: { kind: 'branch', name } });
const reads = (event: PushEvent, guarded: readonly string[] = []) =>
  scopesOf(event, guarded).read.map(scopeText);

describe('scopes', () => {
  it('let the default branch read only itself', () => {
    assert.deepEqual(reads(onBranch('main')), ['protected branch main']);
  });

  it('let a branch read its own and the default branch’s', () => {
    assert.deepEqual(reads(onBranch('feature')), ['branch feature', 'protected branch main']);
  });

  it('let a pull request read its own, its branch’s, its destination’s and the default branch’s', () => {
    const event = { ...onBranch('feature'), pullRequest: { id: 7, destinationBranch: 'release' } };
    assert.deepEqual(reads(event), [
      'pull request 7',
      'branch feature',
      'branch release',
      'protected branch main',
    ]);
    assert.deepEqual(scopesOf(event, []).write, { kind: 'pull-request', id: 7 });
  });

  it('treat a tag and a detached commit as unprotected', () => {
    assert.deepEqual(reads({ ...EVENT, ref: { kind: 'tag', name: 'main' } }), [
      'branch :tag:main',
      'protected branch main',
    ]);
    assert.deepEqual(reads({ ...EVENT, ref: { kind: 'detached' } }), [
      'branch :detached',
      'protected branch main',
    ]);
  });

  it('never let a protected branch read what is not protected', () => {
    const name = fc.constantFrom('main', 'release', 'a', 'b');
    fc.assert(
      fc.property(name, fc.subarray(['release', 'a']), (branch, guarded) => {
        const { write, read } = scopesOf(onBranch(branch), guarded);
        if (write.kind === 'protected') assert.ok(read.every(({ kind }) => kind === 'protected'));
      }),
    );
  });
});
