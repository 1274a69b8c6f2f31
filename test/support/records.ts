import type { PushEvent } from '../../src/event/push-event.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import type { Facts, TagAnswer } from '../../src/observe/facts.ts';
import type { ObservedBase } from '../../src/observe/observed-base.ts';
import type { StepRecord } from '../../src/observe/step-record.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { PlanInputs } from '../../src/plan/plan-inputs.ts';

/** Records of an ordinary push; tests change what they are about. */
export const EVENT: PushEvent = {
  schemaVersion: 1,
  trigger: 'local',
  commit: 'c'.repeat(40),
  ref: { kind: 'branch', name: 'main' },
  repository: { name: 'app', remoteUrl: 'https://bitbucket.org/team/app.git' },
  defaultBranch: 'main',
};

export const CONFIG: WorkspaceConfig = {
  schemaVersion: 1,
  base: { kind: 'reference', reference: 'node:24-bookworm' },
  checkoutLocation: '/workspace/app',
  workspaceLocation: '/workspace/app',
  env: {},
  tasks: [{ name: 'build', init: 'npm ci', command: 'npm start', env: {} }],
  ports: [{ first: 8080, last: 8080, onOpen: 'notify', visibility: 'private' }],
  extensions: ['dbaeumer.vscode-eslint'],
};

export const FACTS: Facts = {
  schemaVersion: 1,
  commit: { id: 'c'.repeat(40), tree: 'd'.repeat(40), cut: [] },
  platform: { os: 'linux', architecture: 'amd64' },
  base: { reference: 'docker.io/library/node:24-bookworm', digest: digestOf('base'), source: 'registry' },
  answers: [],
};

export const OBSERVED: ObservedBase = {
  schemaVersion: 1,
  kind: 'named',
  resolved: { base: FACTS.base, by: 'registry' },
};

export const INPUTS: PlanInputs = {
  event: EVENT,
  config: CONFIG,
  settings: {
    protectedBranches: [],
    runtimeDigest: digestOf('runtime'),
    historyDepth: 50,
    laying: { submodules: 'recursive', lfs: 'pointers' },
    assemblyVersion: 1,
  },
};

export const USER = { name: 'gitpod', uid: 33333, gid: 33333, home: '/home/gitpod' };

/** A record as a step of `keys` leaves it. */
export function recordFor(
  keys: Pick<StepRecord, 'staticKey' | 'contentKey'>,
  scope: StepRecord['scope'],
): StepRecord {
  return {
    schemaVersion: 2,
    step: 'tasks',
    ...keys,
    rule: 'whole-tree',
    user: USER,
    layers: [],
    claims: { subtrees: [], entries: [] },
    scope,
    recordedAt: '2026-01-02T03:04:05Z',
    durationMs: 1000,
  };
}

/** Facts with these answers. */
export function factsWith(...answers: readonly TagAnswer[]): Facts {
  return { ...FACTS, answers: [...answers] };
}
