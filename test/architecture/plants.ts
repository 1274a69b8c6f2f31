/**
 * For each rule of the street one file that breaks it: its path, and the line that does.
 * A rule without a plant fails the test, and so does a plant that is not found.
 */
export const plants: ReadonlyMap<string, readonly [file: string, line: string]> = new Map([
  ['no-cycles', ['src/oci/egg.ts', `import './hen.ts';`]],
  ['nothing-unresolved', ['src/oci/lost.ts', `import './nowhere.ts';`]],
  ['stage-calls-no-stage', ['src/build/calls-plan.ts', `import { plan } from '../plan/plan.ts'; plan();`]],
  ['stage-uses-no-adapter', ['src/plan/asks.ts', `import type { Oras } from '../adapters/oras/cli.ts';`]],
  ...['config', 'observe', 'plan', 'build', 'assemble', 'publish', 'report', 'start', 'doctor'].map(
    laterRecord,
  ),
  ['oci-knows-the-kernel-only', ['src/oci/knows-plan.ts', `import type { Plan } from '../plan/plan.ts';`]],
  ['kernel-knows-nothing', ['src/kernel/knows-oci.ts', `import type { Egg } from '../oci/hen.ts';`]],
  [
    'adapter-calls-no-stage',
    ['src/adapters/git/calls.ts', `import { plan } from '../../plan/plan.ts'; plan();`],
  ],
  [
    'adapter-knows-no-other-adapter',
    ['src/adapters/git/knows.ts', `import type { Oras } from '../oras/cli.ts';`],
  ],
  ['nothing-imports-the-command-line', ['src/oci/exits.ts', `import '../cli/main.ts';`]],
  ['pipe-knows-the-command-line-only', ['pipe/plans.ts', `import '../src/plan/plan.ts';`]],
  ['image-knows-nothing', ['image/knows.ts', `import '../src/oci/hen.ts';`]],
  ['product-uses-no-tooling', ['src/oci/tests.ts', `import '../../test/fake.ts';`]],
  ['product-uses-no-development-package', ['src/oci/checks.ts', `import 'fast-check';`]],
  ['dockerode-stays-in-its-place', ['src/adapters/git/docks.ts', `import type Docker from 'dockerode';`]],
  ['tar-stream-stays-in-its-place', ['src/oci/packs.ts', `import 'tar-stream';`]],
  ['yaml-stays-in-its-place', ['src/plan/parses.ts', `import 'yaml';`]],
  ['jsonc-parser-stays-in-its-place', ['src/config/parses.ts', `import 'jsonc-parser';`]],
  ['tool-cache-stays-in-its-place', ['src/adapters/oras/caches.ts', `import '@actions/tool-cache';`]],
  ['grpc-stays-in-its-place', ['src/adapters/engine/calls.ts', `import '@grpc/grpc-js';`]],
  ['protobufjs-stays-in-its-place', ['src/adapters/engine/decodes.ts', `import 'protobufjs';`]],
  ['aws4fetch-stays-in-its-place', ['src/adapters/engine/signs.ts', `import 'aws4fetch';`]],
  ['execa-stays-in-its-place', ['src/observe/spawns.ts', `import 'execa';`]],
  ['commander-stays-in-its-place', ['src/start/commands.ts', `import 'commander';`]],
  ['pure-stage-does-no-io', ['src/config/reads.ts', `import 'node:fs/promises';`]],
  [
    'execa-is-loaded-on-demand',
    ['src/adapters/oras/starts.ts', `import { execa } from 'execa'; export const s = execa;`],
  ],
  ['kernel-does-no-io', ['src/kernel/reads.ts', `import 'node:fs';`]],
]);

/** What the plants import, and files that break nothing. */
export const ground: ReadonlyMap<string, string> = new Map([
  ['src/oci/hen.ts', `import './egg.ts'; export type Egg = string;`],
  ['src/plan/plan.ts', 'export type Plan = string; export const plan = (): Plan => "";'],
  ['src/adapters/oras/cli.ts', 'export type Oras = string;'],
  ['src/cli/main.ts', `import '../plan/plan.ts'; import '../adapters/oras/cli.ts';`],
  ['pipe/main.ts', `import '../src/cli/main.ts';`],
  ['test/fake.ts', 'export const fake = 1;'],
  [
    'src/build/innocent.ts',
    `import type { Plan } from '../plan/plan.ts'; import 'node:fs'; export type P = Plan;`,
  ],
  ['src/config/innocent.ts', `import 'node:crypto'; import 'node:path/posix'; import 'yaml';`],
  ['src/report/deliver.ts', `import 'node:fs/promises';`],
  [
    'src/adapters/oras/innocent.ts',
    `import type { Options } from 'execa'; export const s = async (_: Options) => await import('execa');`,
  ],
  ['src/adapters/git/innocent.ts', `import type { Plan } from '../../plan/plan.ts'; export type P = Plan;`],
]);

/** Each stage knows only the types of what comes before it: the stage before `stage` looks ahead. */
function laterRecord(stage: string, index: number): [string, [string, string]] {
  const before =
    ['event', 'config', 'observe', 'plan', 'build', 'assemble', 'publish', 'report', 'start'][index] ?? '';
  const line = `import type { R } from '../${stage}/later-record.ts'; export type S = R;`;
  return [`${before}-knows-no-later-record`, [`src/${before}/looks-ahead.ts`, line]];
}

/** The records that `laterRecord` looks ahead to. */
export const laterRecords: readonly string[] = [
  'config',
  'observe',
  'plan',
  'build',
  'assemble',
  'publish',
  'report',
  'start',
  'doctor',
].map((stage) => `src/${stage}/later-record.ts`);
