import assert from 'node:assert/strict';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import type { InputAnswer } from '../../src/observe/input-answer.ts';
import type { PushEvent } from '../../src/event/push-event.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { PlanInputs, SourceFacts } from '../../src/plan/plan-inputs.ts';
import { imageKey, stepKeys } from '../../src/plan/step-keys.ts';
import { CONFIG, EVENT, FACTS, INPUTS } from '../support/records.ts';

interface Change {
  readonly what: string;
  readonly config?: Partial<WorkspaceConfig>;
  readonly event?: Partial<PushEvent>;
  readonly settings?: Partial<PlanInputs['settings']>;
  readonly facts?: Partial<SourceFacts>;
}

const keysAfter = (change: Change) => {
  const inputs: PlanInputs = {
    event: { ...EVENT, ...change.event },
    config: { ...CONFIG, ...change.config },
    settings: { ...INPUTS.settings, ...change.settings },
  };
  const facts = { ...FACTS, ...change.facts };
  const keys = stepKeys(inputs, facts);
  return { ...keys, imageKey: imageKey(inputs, facts, keys) };
};

const before = keysAfter({ what: 'nothing' });
const task = CONFIG.tasks[0];
assert.ok(task !== undefined);

const LIB = {
  url: 'https://example.org/lib',
  commit: 'a'.repeat(40),
  ref: { kind: 'detached' },
  location: '/workspace/lib',
} as const;
const SUBMODULE = { path: 'lib', commit: 'a'.repeat(40) };

/** What moves the static key moves the other two; what moves the content key moves the image key. */
const STATIC: readonly Change[] = [
  { what: 'the base', facts: { base: { ...FACTS.base, digest: digestOf('moved') } } },
  { what: 'the platform', facts: { platform: { os: 'linux', architecture: 'arm64' } } },
  { what: 'an init', config: { tasks: [{ ...task, init: 'npm install' }] } },
  { what: 'a before', config: { tasks: [{ ...task, before: 'true' }] } },
  { what: 'a task’s environment', config: { tasks: [{ ...task, env: { A: '1' } }] } },
  { what: 'the environment', config: { env: { A: '1' } } },
  { what: 'whom a devcontainer.json names', config: { user: { remoteUser: 'dev' } } },
  { what: 'that a devcontainer.json names nobody', config: { user: {} } },
  {
    what: 'the folder of another repository',
    config: { additionalRepositories: [{ url: LIB.url, checkoutLocation: '/workspace/lib' }] },
  },
  { what: 'a second task', config: { tasks: [task, task] } },
  { what: 'the checkout’s place', config: { checkoutLocation: '/workspace/other' } },
  { what: 'the working folder', config: { workspaceLocation: '/workspace' } },
  { what: 'a setting of git', config: { gitConfig: { 'core.autocrlf': 'input' } } },
  { what: 'whose configuration it is', config: { mainCheckout: '/workspace/config' } },
  { what: 'a network of its own', settings: { network: 'none' } },
  { what: 'strict tasks', settings: { strictTasks: true } },
];
const CONTENT: readonly Change[] = [
  { what: 'the commit', facts: { commit: { ...FACTS.commit, id: 'e'.repeat(40) } } },
  { what: 'the tree', facts: { commit: { ...FACTS.commit, tree: 'e'.repeat(40) } } },
  { what: 'the end of history', facts: { commit: { ...FACTS.commit, cut: ['f'.repeat(40)] } } },
  {
    what: 'a submodule that is laid',
    facts: { commit: { ...FACTS.commit, submodules: [{ ...SUBMODULE, laid: true }] } },
  },
  {
    // Its folder is as empty as with --submodules none, but .git/config names it.
    what: 'a submodule that is described and stays empty',
    facts: { commit: { ...FACTS.commit, submodules: [{ ...SUBMODULE, laid: false }] } },
  },
  { what: 'a repository beside it', facts: { repositories: [LIB] } },
  { what: 'contents of Git LFS', facts: { commit: { ...FACTS.commit, lfs: 'contents' } } },
  { what: 'the branch', event: { ref: { kind: 'branch', name: 'other' } } },
  { what: 'the remote', event: { repository: { name: 'app', remoteUrl: 'https://example.org/x.git' } } },
];
const IMAGE: readonly Change[] = [
  { what: 'a command', config: { tasks: [{ ...task, command: 'npm run dev' }] } },
  { what: 'a task’s name', config: { tasks: [{ ...task, name: 'other' }] } },
  { what: 'a port', config: { ports: [] } },
  { what: 'a plugin of JetBrains', config: { jetbrains: { plugins: ['a.b'], editors: {} } } },
  { what: 'an extension', config: { extensions: [] } },
  { what: 'the runtime layer', settings: { runtimeDigest: digestOf('other') } },
  { what: 'the way of assembly', settings: { assemblyVersion: 2 } },
];
const NONE: readonly Change[] = [
  {
    what: 'the build number',
    event: { bitbucket: { bitbucketWorkspace: 'w', repositorySlug: 's', buildNumber: '7' } },
  },
  { what: 'the trigger', event: { trigger: 'pipelines' } },
  { what: 'the protected branches', settings: { protectedBranches: ['release'] } },
];

const DECLARED = (id: string) => ({
  inputs: ['lock.txt'],
  answers: [{ asked: 'lock.txt', kind: 'file' as const, mode: '100644', id }],
});

describe('keys of declared inputs', () => {
  const keysFor = (id: string, change: Omit<Change, 'what'> = {}) =>
    keysAfter({ what: '', ...change, facts: { declared: DECLARED(id), ...change.facts } });
  const declared = keysFor('1');

  it('cover what the inputs answer, and how the step was keyed', () => {
    assert.notEqual(keysFor('2').contentKey, declared.contentKey);
    assert.notEqual(declared.contentKey, before.contentKey);
    assert.equal(keysFor('2').staticKey, declared.staticKey);
  });

  for (const change of CONTENT.filter(({ what }) => !/Git LFS|beside/.test(what))) {
    it(`leave the content where it is with ${change.what}, and move the image`, () => {
      const after = keysFor('1', change);
      assert.equal(after.contentKey, declared.contentKey);
      assert.notEqual(after.imageKey, declared.imageKey);
    });
  }

  it('move with a repository beside it, of which nothing can be declared', () => {
    assert.notEqual(keysFor('1', { facts: { repositories: [LIB] } }).contentKey, declared.contentKey);
  });

  it('move with contents of Git LFS, which lay other files', () => {
    const facts = { commit: { ...FACTS.commit, lfs: 'contents' as const } };
    assert.notEqual(keysFor('1', { facts }).contentKey, declared.contentKey);
  });

  it('do not move with what only tells of members', () => {
    const group = { asked: 'src', kind: 'folder' as const, id: '1' };
    const keyOf = (answers: InputAnswer[]) =>
      keysAfter({ what: '', facts: { declared: { inputs: ['src'], answers } } }).contentKey;
    assert.equal(keyOf([group]), keyOf([{ ...group, members: [['src/a', '100644 1']] }]));
  });
});

describe('keys', () => {
  it('see the work of a task whose first part is blank', () => {
    const blank = { what: 'a blank before', config: { tasks: [{ ...task, before: ' \n' }] } };
    const here = keysAfter(blank);
    const there = keysAfter({ ...blank, facts: { commit: { ...FACTS.commit, id: 'e'.repeat(40) } } });
    assert.equal(here.hasWork, true);
    assert.notEqual(here.contentKey, there.contentKey);
  });

  for (const change of STATIC) {
    it(`all move with ${change.what}`, () => {
      const after = keysAfter(change);
      assert.notEqual(after.staticKey, before.staticKey);
      assert.notEqual(after.contentKey, before.contentKey);
      assert.notEqual(after.imageKey, before.imageKey);
    });
  }
  for (const change of CONTENT) {
    it(`of content and image move with ${change.what}`, () => {
      const after = keysAfter(change);
      assert.equal(after.staticKey, before.staticKey);
      assert.notEqual(after.contentKey, before.contentKey);
      assert.notEqual(after.imageKey, before.imageKey);
    });
  }
  for (const change of IMAGE) {
    it(`of the image alone moves with ${change.what}`, () => {
      const after = keysAfter(change);
      assert.equal(after.contentKey, before.contentKey);
      assert.notEqual(after.imageKey, before.imageKey);
    });
  }
  for (const change of NONE) {
    it(`stay with ${change.what}`, () => assert.deepEqual(keysAfter(change), before));
  }
});
