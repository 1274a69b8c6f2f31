import { readConfig } from '../../../src/config/read-config.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import type { PastRun } from '../../../src/oci/past-run.ts';
import type { Outcome } from '../../../src/report/outcome.ts';
import { COMMIT, failedOutcome, warmOutcome } from '../sample-outcome.ts';

const START = Date.parse('2026-11-22T10:00:00Z');

function digest(seed: number): string {
  return digestOf(`sample ${seed}`);
}

function stage(
  name: string,
  [from, to]: readonly [number, number],
  outcome: Outcome['stages'][number]['outcome'],
  detail: string,
): Outcome['stages'][number] {
  return {
    name,
    startedAt: new Date(START + from).toISOString(),
    durationMs: to - from,
    outcome,
    detail,
  };
}

/** Runs before the sample's: on a branch that came from `main`, most of them hits. */
export const pastRuns: readonly PastRun[] = Array.from({ length: 18 }, (_, index) => {
  const isHit = index % 5 !== 3;
  const isOwn = index < 11;
  return {
    commit: digest(index + 40).slice(-40),
    ref: isOwn ? 'feature/login' : 'main',
    ...(isOwn && { pullRequest: 12 }),
    finishedAt: new Date(START - (index + 1) * 5_400_000).toISOString(),
    durationMs: isHit ? 1_900 + ((index * 733) % 3_000) : 44_000 + ((index * 7_919) % 21_000),
    steps: [
      { name: 'base', outcome: 'reused', durationMs: 10, savedMs: 31_000, savedBytes: 118_000_000 },
      isHit
        ? { name: 'tasks', outcome: 'reused', durationMs: 14, savedMs: 41_000, savedBytes: 97_400_000 }
        : { name: 'tasks', outcome: 'ran', durationMs: 40_200 },
    ],
    imageBytes: 563_000_000 + index * 3_000,
    uploadedBytes: isHit ? 4_200 + index * 130 : 97_800_000,
  };
});

const baseSizes = [48_500_000, 24_000_000, 64_400_000, 211_000_000, 3_300, 57_600_000, 1_250_000, 446];

/** A push to a pull request that reused everything: all that a report of a warm image can tell. */
export const pullRequestOutcome: Outcome = {
  ...warmOutcome,
  repository: 'team/shop-frontend',
  ref: 'feature/login',
  destination: 'main',
  bitbucket: { bitbucketWorkspace: 'team', repositorySlug: 'app', buildNumber: '481' },
  configuration: '.gitpod.yml',
  findings: [
    ...readConfig('image: node:24-bookworm\nport: 80\ntasks:\n  - name: watch\n', { repositoryName: 'app' })
      .diagnostics,
  ],
  image: 'registry.example.org/team/shop-frontend:commit-pr12-a1b2c3d4e5f6',
  layers: [
    ...baseSizes.map((size, index) => ({
      role: 'base',
      digest: digest(index),
      size,
      reused: true,
      shared: true,
    })),
    { role: 'task', digest: digest(20), size: 97_400_000, reused: true, shared: true },
    { role: 'runtime', digest: digest(21), size: 182_000, reused: true, shared: true },
    { role: 'source', digest: digest(22), size: 14_800_000, reused: true, shared: false },
    { role: 'delta', digest: digest(23), size: 3_100, reused: false, shared: false },
  ],
  price: { branch: 'main', digest: digest(30), layers: 2, bytes: 14_803_100, seconds: 1.4 },
  history: [...pastRuns],
  steps: [
    {
      name: 'base',
      outcome: 'reused',
      reason: 'an image of this Dockerfile with the same context is there',
      durationMs: 10,
      evidence: {
        scope: 'protected branch main',
        recordedAt: '2026-11-20T08:12:00Z',
        durationMs: 31_000,
        layerBytes: 118_000_000,
      },
    },
    {
      name: 'tasks',
      outcome: 'reused',
      reason: 'protected branch main ran it with the same inputs at commit 0f1e2d3c4b5a',
      durationMs: 14,
      rule: 'declared',
      evidence: {
        commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567',
        scope: 'protected branch main',
        recordedAt: '2026-11-21T16:40:00Z',
        durationMs: 41_000,
        layerBytes: 97_400_000,
      },
    },
  ],
  stages: [
    stage('base', [60, 290], 'reused', 'registry.example.org/team/shop-frontend@sha256:3f9a4c1b'),
    stage('look up', [290, 640], 'done', '11 requests'),
    stage('repositories', [300, 520], 'done', '1 pinned'),
    stage('tasks', [640, 654], 'reused', 'record found'),
    stage('delta', [660, 1_010], 'done', '3 files, 3.1 kB'),
    stage('keep base', [700, 760], 'reused', 'is there'),
    stage('publish', [1_020, 1_940], 'done', '2 blobs, 4.2 kB'),
  ],
};

/** A push whose task failed: all that a report of it can tell. */
export const brokenOutcome: Outcome = {
  ...failedOutcome,
  repository: 'team/shop-frontend',
  ref: 'feature/upgrade',
  destination: 'main',
  pullRequest: 13,
  bitbucket: { bitbucketWorkspace: 'team', repositorySlug: 'app', buildNumber: '482' },
  configuration: '.gitpod.yml',
  findings: [],
  history: pastRuns.slice(4, 9),
  steps: [
    { name: 'base', outcome: 'ran', reason: 'the Dockerfile changed', durationMs: 21_300 },
    {
      name: 'tasks',
      outcome: 'failed',
      reason:
        'package-lock.json: 1f3a5b7… → 9c02d4e… and 2 more (since commit 0f1e2d3c4b5a of protected branch main)',
      rule: 'declared',
      durationMs: 12_400,
      evidence: {
        commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567',
        scope: 'protected branch main',
        recordedAt: '2026-11-21T16:40:00Z',
        durationMs: 41_000,
        layerBytes: 97_400_000,
      },
      changes: 3,
      change: {
        path: 'package-lock.json',
        how: 'content',
        before: '1f3a5b7c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6',
        after: '9c02d4e6f8a0b1c2d3e4f5061728394a5b6c7d8e',
      },
    },
  ],
  stages: [
    stage('look up', [200, 900], 'done', '14 requests'),
    stage('build base', [900, 22_200], 'done', 'Dockerfile'),
    stage('download cache', [900, 3_300], 'done', 'npm, 46 MB'),
    stage('base image', [22_200, 40_600], 'done', '118 MB pulled'),
    stage('sources', [22_200, 25_100], 'done', '1,204 files'),
    stage('container', [40_600, 41_900], 'done', 'started'),
    stage('tasks', [41_900, 54_300], 'failed', 'build ended with exit code 1'),
  ],
  failure: {
    phase: 'build',
    code: 'task-failed',
    message: 'cannot run task "build": npm ci ended with exit code 1',
    hint: 'Run npm ci in a checkout of this commit',
    task: 'build',
    exitCode: 1,
    line: 7,
    output: [
      '$ npm ci && npm run build',
      '\u001B[31mnpm error\u001B[39m code ERESOLVE',
      'npm error ERESOLVE could not resolve',
      'npm error',
      'npm error While resolving: eslint-plugin-react@7.32.0',
      'npm error Found: eslint@10.1.0',
      'npm error node_modules/eslint',
      'npm error   dev eslint@"^10.1.0" from the root project',
      'npm error',
      'npm error Could not resolve dependency:',
      'npm error peer eslint@"^3 || ^4 || ^5 || ^6 || ^7 || ^8" from eslint-plugin-react@7.32.0',
    ],
  },
  finishedAt: '2026-11-22T10:00:55Z',
};

/** A configuration that cannot be read. */
export const invalidOutcome: Outcome = {
  ...failedOutcome,
  exitCode: 20,
  configuration: '.gitpod.yml',
  findings: [
    ...readConfig(
      'image: [1]\nport: 80\nports:\n  - port: 3000\n    visibility: secret\ntasks:\n  - name: nothing\n',
      {
        repositoryName: 'app',
      },
    ).diagnostics,
  ],
  steps: [],
  stages: [],
  failure: {
    phase: 'config',
    code: 'invalid-configuration',
    message: 'cannot read .gitpod.yml: it has 2 errors',
    hint: 'Correct what is named below',
  },
  warnings: [],
};

/** A run that has something to say in every part of the page. */
export const everythingOutcome: Outcome = {
  ...pullRequestOutcome,
  result: 'not-warm',
  findings: Array.from({ length: 14 }, (_, index) => ({
    severity: index === 0 ? 'error' : 'warning',
    message: `finding ${index}`,
    path: 'tasks[0]',
    line: 1 + index,
    column: 3,
    frame: `> ${1 + index} | tasks:\n    | ^^^^^`,
    suggestion: 'write it otherwise',
  })),
  stages: [...pullRequestOutcome.stages, stage('audit', [1_940, 1_990], 'failed', 'other files')],
  warnings: ['the clone is shallow'],
  ...(brokenOutcome.failure && { failure: { ...brokenOutcome.failure, output: repeated('a line', 100) } }),
};

/** An outcome of every part, with `text` wherever text from outside stands and `amount` wherever a number does. */
export function filledWith(text: string, result: Outcome['result'], amount = 5): Outcome {
  const step: Outcome['steps'][number] = {
    name: text,
    outcome: 'ran',
    reason: text,
    rule: text,
    durationMs: amount,
    evidence: { commit: text, scope: text, recordedAt: text, durationMs: amount, layerBytes: amount },
    changes: 3,
    change: { path: text, how: text, before: text, after: text },
  };
  return {
    schemaVersion: 1,
    result,
    exitCode: 51,
    repository: text,
    commit: text,
    ref: text,
    pullRequest: 3,
    destination: text,
    bitbucket: { bitbucketWorkspace: 'team', repositorySlug: 'app', buildNumber: text },
    configuration: text,
    findings: (['error', 'warning', 'info'] as const).map((severity) => ({
      severity,
      message: text,
      path: text,
      line: 2,
      column: 3,
      endColumn: 5,
      frame: text,
      suggestion: text,
    })),
    image: text,
    digest: text,
    baseImage: { reference: text, digest: text },
    layers: [
      { role: text, digest: text, size: amount, reused: true, shared: true },
      { role: text, digest: text, size: amount, reused: true, shared: true },
      { role: text, digest: text, size: amount, reused: false, shared: false },
    ],
    price: { branch: text, digest: text, layers: 1, bytes: amount, seconds: amount },
    history: [
      {
        commit: text,
        ref: text,
        pullRequest: 3,
        finishedAt: text,
        durationMs: amount,
        steps: [{ name: text, outcome: 'ran', durationMs: amount, savedMs: amount, savedBytes: amount }],
        imageBytes: amount,
        uploadedBytes: amount,
      },
    ],
    steps: [
      step,
      { ...step, outcome: 'reused' },
      { ...step, outcome: 'failed' },
      { ...step, outcome: 'not-reached' },
    ],
    stages: (['done', 'reused', 'failed'] as const).map((outcome) => ({
      name: text,
      startedAt: text,
      durationMs: amount,
      outcome,
      detail: text,
    })),
    uploaded: { blobs: 2, bytes: amount },
    failure: {
      phase: text,
      code: text,
      message: text,
      hint: text,
      remedy: { file: text, yaml: text },
      task: text,
      exitCode: 1,
      line: 4,
      output: [text],
    },
    warnings: [text],
    startedAt: text,
    finishedAt: text,
  };
}

/** An outcome of which nothing is known. */
export const emptyOutcome: Outcome = {
  schemaVersion: 1,
  result: 'not-warm',
  exitCode: 1,
  repository: '',
  commit: '',
  ref: '',
  layers: [],
  steps: [],
  stages: [],
  uploaded: { blobs: 0, bytes: 0 },
  warnings: [],
  startedAt: '',
  finishedAt: '',
};

function repeated<T>(item: T | undefined, count: number): T[] {
  return item === undefined ? [] : Array.from({ length: count }, () => item);
}

/** A thousand of everything, with a name as long as the limit of a path. */
export function hugeOutcome(): Outcome {
  const full = filledWith('n'.repeat(4_000), 'warm', 1e12);
  const [finding] = full.findings ?? [];
  return {
    ...full,
    commit: COMMIT,
    findings: repeated(finding, 1_000),
    layers: Array.from({ length: 1_000 }, (_, index) => ({
      role: index % 2 === 0 ? 'source' : 'delta',
      digest: digest(index),
      size: 10 ** (index % 12),
      reused: index % 3 === 0,
      shared: index % 4 === 0,
    })),
    history: repeated(full.history?.[0], 1_000),
    steps: repeated(full.steps[0], 1_000),
    stages: repeated(full.stages[0], 1_000),
    failure: {
      ...full.failure,
      phase: 'p',
      code: 'c',
      message: 'm',
      output: repeated('x'.repeat(4_000), 5_000),
    },
    warnings: repeated('w'.repeat(4_000), 1_000),
  };
}
