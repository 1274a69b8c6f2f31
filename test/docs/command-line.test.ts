import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { OPTION_ROWS } from '../../src/cli/option-table.ts';
import { variableOf } from '../../src/cli/variable-of.ts';
import { PreheatError, type FailureCode, type Phase } from '../../src/kernel/failure.ts';
import { readSettings } from '../../src/cli/read-settings.ts';
import { ROOT } from './documents.ts';

/** Each phase and code; one that is new does not compile here before it is named. */
const PHASES: Readonly<Record<Phase, true>> = {
  usage: true,
  event: true,
  config: true,
  observe: true,
  plan: true,
  build: true,
  assemble: true,
  publish: true,
  report: true,
  start: true,
};
const CODES: Readonly<Record<FailureCode, true>> = {
  usage: true,
  event: true,
  'config-missing': true,
  'config-invalid': true,
  'not-found': true,
  unauthorized: true,
  unreachable: true,
  corrupt: true,
  engine: true,
  'task-failed': true,
  'out-of-memory': true,
  interrupted: true,
  failed: true,
};
const FAILURES: readonly PreheatError[] = keysOf(PHASES).flatMap((phase) => [
  new PreheatError('', { phase }),
  ...keysOf(CODES).map((code) => new PreheatError('', { phase, code })),
]);

function keysOf<K extends string>(all: Readonly<Record<K, true>>): readonly K[] {
  return Object.keys(all) as K[];
}

async function page(): Promise<string> {
  return readFile(join(ROOT, 'docs/command-line.md'), 'utf8');
}

describe('docs/command-line.md', () => {
  it('names options that are there', async () => {
    const known = new Set(OPTION_ROWS.filter((row) => row.environmentOnly !== true).map(({ name }) => name));
    // Commander's own, and those of `git submodule update`.
    const own = new Set(['help', 'version', 'init', 'recursive']);
    const named = [...(await page()).matchAll(/`[^`\n]*?--([a-z][a-z-]+)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !known.has(name) && !own.has(name)),
      [],
    );
    assert.ok(new Set(named).size > 10);
  });

  it('names variables that are there', async () => {
    const variables = new Set(OPTION_ROWS.map(({ name }) => variableOf(name)));
    const others =
      /^(?:BITBUCKET_CLONE_DIR|FAIL_ON_TASK|HTTPS?_PROXY|NO_PROXY|NODE_USE_ENV_PROXY|PREHEAT_IMAGE|COMMIT|BRANCH|PR|FILE|TASK|REF|COMMAND|OUTCOME|DIR|HEAD|NPM_TOKEN|OTHER|ADD|RUN)$/;
    const named = [...(await page()).matchAll(/`[^`\n]*`/g)].flatMap(
      ([code]) => code.match(/\b[A-Z][A-Z_]+\b/g) ?? [],
    );
    assert.deepEqual(
      named.filter((name) => !variables.has(name) && !others.test(name)),
      [],
    );
  });

  it('has the exit codes of the code, all of them and no other', async () => {
    const table = /## Exit codes\n(.*?)\n## /s.exec(await page())?.[1] ?? '';
    const told = [...table.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    const known = new Set([0, ...[...FAILURES, new TypeError('a defect')].map(exitCodeOf)]);
    assert.deepEqual(
      told,
      [...known].toSorted((a, b) => a - b),
    );
  });

  it('has defaults of the code', async () => {
    const text = await page();
    const { 'default-image': image, 'history-depth': depth } = readSettings('build', {}, {});
    assert.match(text, new RegExp(`\`--default-image\` +\\| \`${image}\``));
    assert.match(text, new RegExp(`\`--history-depth\` +\\| ${depth} `));
  });
});
