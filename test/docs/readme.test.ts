import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { OPTION_ROWS, variableOf } from '../../src/cli/option-table.ts';
import { PreheatError, type FailureCode, type Phase } from '../../src/kernel/failure.ts';
import { optionsFromPipeVariables } from '../../pipe/pipe-variables.ts';
import { readSettings } from '../../src/cli/read-settings.ts';
import { blocksOf, readDocuments, ROOT } from './documents.ts';

const PHASES: readonly Phase[] = [
  'usage',
  'event',
  'config',
  'observe',
  'plan',
  'build',
  'assemble',
  'publish',
  'report',
  'start',
];
const CODES: readonly FailureCode[] = ['task-failed', 'out-of-memory', 'interrupted'];

async function readme(): Promise<string> {
  return readFile(join(ROOT, 'README.md'), 'utf8');
}

/** Every snippet of a `bitbucket-pipelines.yml`, with the document that it stands in. */
async function pipelines(): Promise<readonly (readonly [path: string, content: unknown])[]> {
  const snippets = (await readDocuments()).flatMap((document) =>
    blocksOf(document, 'ya?ml').map((block) => [document.path, parse(block)] as const),
  );
  return snippets.filter(
    ([, content]) => typeof content === 'object' && content !== null && 'pipelines' in content,
  );
}

describe('README.md', () => {
  it('names options that are there', async () => {
    const known = new Set(OPTION_ROWS.filter((row) => row.environmentOnly !== true).map(({ name }) => name));
    // Commander's own, and those of `git submodule update`.
    const own = new Set(['help', 'version', 'init', 'recursive']);
    const named = [...(await readme()).matchAll(/`[^`\n]*?--([a-z][a-z-]+)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !known.has(name) && !own.has(name)),
      [],
    );
    assert.ok(new Set(named).size > 10);
  });

  it('names variables that are there', async () => {
    const variables = new Set(OPTION_ROWS.map(({ name }) => variableOf(name)));
    const others =
      /^(?:BITBUCKET_CLONE_DIR|FAIL_ON_TASK|HTTPS?_PROXY|NO_PROXY|PREHEAT_IMAGE|COMMIT|BRANCH|PR|FILE|COMMAND|DIR|HEAD|NPM_TOKEN|OTHER|ADD|RUN)$/;
    const named = [...(await readme()).matchAll(/`[^`\n]*`/g)].flatMap(
      ([code]) => code.match(/\b[A-Z][A-Z_]+\b/g) ?? [],
    );
    assert.deepEqual(
      named.filter((name) => !variables.has(name) && !others.test(name)),
      [],
    );
  });

  it('has the exit codes of the code, all of them and no other', async () => {
    const table = /### Exit codes\n(.*?)\n## /s.exec(await readme())?.[1] ?? '';
    const told = [...table.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    const failures = [
      ...PHASES.map((phase) => new PreheatError('', { phase })),
      ...CODES.map((code) => new PreheatError('', { phase: 'build', code })),
      new TypeError('a defect'),
    ];
    const known = new Set([0, ...failures.map(exitCodeOf)]);
    assert.deepEqual(
      told,
      [...known].toSorted((a, b) => a - b),
    );
  });

  it('has defaults of the code', async () => {
    const text = await readme();
    const { 'default-image': image, 'history-depth': depth } = readSettings('build', {}, {});
    assert.match(text, new RegExp(`\`--default-image\` +\\| \`${image}\``));
    assert.match(text, new RegExp(`\`--history-depth\` +\\| ${depth} `));
  });
});

describe('snippets of bitbucket-pipelines.yml', () => {
  it('are there, and hand variables over that the pipe knows', async () => {
    const known = new Set([...OPTION_ROWS.map(({ name }) => variableOf(name)), 'FAIL_ON_TASK']);
    const snippets = await pipelines();
    assert.ok(snippets.some(([path]) => path === 'README.md'));
    const pipes = [...JSON.stringify(snippets).matchAll(/"variables":(\{[^{}]*\})/g)].map(
      ([, found = '{}']) => Object.keys(JSON.parse(found) as object),
    );
    assert.ok(pipes.length > 0);
    assert.deepEqual(
      pipes.flat().filter((name) => !known.has(name)),
      [],
    );
    assert.deepEqual(optionsFromPipeVariables({}), {});
  });

  // Bitbucket's own schema is not committed; where it lies beside the checkout, the snippets are held against it.
  const contracts = process.env['PREHEAT_CONTRACTS'];
  if (contracts === undefined) return;
  it('are what Bitbucket takes', async () => {
    const schema: unknown = JSON.parse(await readFile(join(contracts, 'pipelines-schema.json'), 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const isPipelines = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    for (const [path, content] of await pipelines()) {
      assert.ok(isPipelines(content), `${path}: ${JSON.stringify(isPipelines.errors)}`);
    }
    assert.ok(!isPipelines({ pipelines: { default: 'everything' } }), 'the schema takes anything');
  });
});
