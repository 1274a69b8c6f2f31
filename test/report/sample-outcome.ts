import type { Outcome } from '../../src/report/outcome.ts';

/** The full id of the sample's commit. */
export const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** The outcome of a push that changed sources only. */
export const warmOutcome: Outcome = {
  schemaVersion: 1,
  result: 'warm',
  exitCode: 0,
  repository: 'team/app',
  commit: COMMIT,
  ref: 'feature/login',
  pullRequest: 12,
  image: 'registry.example.org/team/app:commit-a1b2c3d4e5f6',
  digest: digest('a'),
  baseImage: { reference: 'node:24-bookworm', digest: digest('b') },
  layers: [
    { role: 'base', digest: digest('c'), size: 48_000_000, reused: true },
    { role: 'task', digest: digest('d'), size: 97_400_000, reused: true },
    { role: 'delta', digest: digest('e'), size: 3_100, reused: false },
  ],
  steps: [
    { name: 'tasks', outcome: 'reused', reason: 'No input changed since 0f1e2d3c (traced)', durationMs: 12 },
    { name: 'source', outcome: 'ran', reason: 'The commit is new' },
  ],
  stages: [
    {
      name: 'observe',
      startedAt: '2026-11-22T10:00:00.100Z',
      durationMs: 900,
      outcome: 'done',
      detail: '6 requests',
    },
    {
      name: 'tasks',
      startedAt: '2026-11-22T10:00:01.000Z',
      durationMs: 12,
      outcome: 'reused',
      detail: 'record found',
    },
    {
      name: 'publish',
      startedAt: '2026-11-22T10:00:01.100Z',
      durationMs: 900,
      outcome: 'done',
      detail: '2 blobs',
    },
  ],
  uploaded: { blobs: 2, bytes: 4_200 },
  warnings: [],
  startedAt: '2026-11-22T10:00:00.000Z',
  finishedAt: '2026-11-22T10:00:02.000Z',
};

/** The outcome of a push whose task failed. */
export const failedOutcome: Outcome = {
  schemaVersion: 1,
  result: 'not-warm',
  exitCode: 51,
  repository: 'team/app',
  commit: COMMIT,
  ref: 'main',
  layers: [],
  steps: [{ name: 'tasks', outcome: 'failed', reason: 'package-lock.json changed', durationMs: 61_000 }],
  stages: [
    {
      name: 'build',
      startedAt: '2026-11-22T10:00:01Z',
      durationMs: 61_000,
      outcome: 'failed',
      detail: 'tasks',
    },
  ],
  uploaded: { blobs: 0, bytes: 0 },
  failure: {
    phase: 'build',
    code: 'task-failed',
    message: 'cannot run task "build": npm ci ended with exit code 1',
    hint: 'Run npm ci in a checkout of this commit',
    output: ['\u001B[31mnpm error\u001B[39m code ERESOLVE', 'npm error <peer> & "more"'],
  },
  warnings: ['the clone is shallow'],
  startedAt: '2026-11-22T10:00:00Z',
  finishedAt: '2026-11-22T10:01:05Z',
};

/** The outcome of a push whose task needed more memory than there was. */
export const greedyOutcome: Outcome = {
  ...failedOutcome,
  exitCode: 52,
  failure: {
    phase: 'build',
    code: 'out-of-memory',
    message: 'task "build" ran out of memory: the docker service has 1024 MB',
    hint: 'Give the docker service 3072 MB, or let the task use less.',
    remedy: {
      file: 'bitbucket-pipelines.yml',
      yaml: 'definitions:\n  services:\n    docker:\n      memory: 3072',
    },
  },
};

/** The outcome of a run that somebody ended. */
export const interruptedOutcome: Outcome = {
  ...failedOutcome,
  result: 'interrupted',
  exitCode: 130,
  failure: { phase: 'build', code: 'interrupted', message: 'cannot build: the run was interrupted' },
};
