import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { readPipelinesMemory } from '../../src/config/pipelines-memory.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { documentedVariables } from './documented-variables.ts';
import { blocksOf, readDocuments, ROOT } from './documents.ts';

/** A YAML snippet of a document, made whole where it shows a part of a file. */
interface Snippet {
  readonly path: string;
  readonly text: string;
  readonly content: unknown;
  readonly kind: 'pipelines' | 'gitpod' | 'unknown';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function stepOf(script: unknown): object {
  return { pipelines: { default: [{ step: { script } }] } };
}

/** What a top-level key says a snippet is a part of, and how the whole looks; the first that is there counts. */
const WHOLES: Readonly<
  Record<string, (content: Readonly<Record<string, unknown>>) => Pick<Snippet, 'content' | 'kind'>>
> = {
  pipelines: (content) => ({ content, kind: 'pipelines' }),
  definitions: (content) => ({ content: { ...stepOf(['true']), ...content }, kind: 'pipelines' }),
  options: (content) => ({ content: { ...stepOf(['true']), ...content }, kind: 'pipelines' }),
  clone: (content) => ({ content: { ...stepOf(['true']), ...content }, kind: 'pipelines' }),
  step: ({ step }) => ({ content: { pipelines: { default: [{ step }] } }, kind: 'pipelines' }),
  script: (step) => ({ content: { pipelines: { default: [{ step }] } }, kind: 'pipelines' }),
  image: (content) => ({ content, kind: 'gitpod' }),
  tasks: (content) => ({ content, kind: 'gitpod' }),
  ports: (content) => ({ content, kind: 'gitpod' }),
};

function snippetOf(path: string, text: string): Snippet {
  const content: unknown = parse(text);
  if (Array.isArray(content)) return { path, text, content: stepOf(content), kind: 'pipelines' };
  if (!isObject(content)) return { path, text, content, kind: 'unknown' };
  const [, makeWhole] = Object.entries(WHOLES).find(([key]) => key in content) ?? [];
  return { path, text, ...(makeWhole?.(content) ?? { content, kind: 'unknown' as const }) };
}

async function snippets(): Promise<readonly Snippet[]> {
  const documents = await readDocuments();
  const own = await readFile(join(ROOT, 'bitbucket-pipelines.yml'), 'utf8');
  return [
    ...documents.flatMap((document) =>
      blocksOf(document, 'ya?ml').map((text) => snippetOf(document.path, text)),
    ),
    snippetOf('bitbucket-pipelines.yml', own),
  ];
}

/** Every `pipe:` in a file, with its variables. */
function pipesIn(value: unknown): readonly { readonly pipe: string; readonly variables: object }[] {
  if (Array.isArray(value)) return value.flatMap(pipesIn);
  if (!isObject(value)) return [];
  const below = Object.values(value).flatMap(pipesIn);
  if (typeof value['pipe'] !== 'string') return below;
  return [{ pipe: value['pipe'], variables: isObject(value['variables']) ? value['variables'] : {} }];
}

describe('YAML in the documents', () => {
  it('is of a kind that is checked', async () => {
    const all = await snippets();
    assert.deepEqual(
      all.filter(({ kind }) => kind === 'unknown'),
      [],
    );
    assert.ok(all.filter(({ path, kind }) => path === 'README.md' && kind === 'pipelines').length > 5);
  });

  it('hands variables to the pipe that it knows, or that are secrets of tasks', async () => {
    const known = new Set(documentedVariables().map(({ name }) => name));
    const pipes = (await snippets()).flatMap(({ content }) => pipesIn(content));
    const own = pipes.filter(({ pipe }) => pipe.includes('preheat'));
    assert.ok(own.length > 5);
    for (const { variables } of own) {
      const secrets = 'TASK_SECRETS' in variables ? String(variables.TASK_SECRETS).split(',') : [];
      const unknown = Object.keys(variables).filter((name) => !known.has(name) && !secrets.includes(name));
      assert.deepEqual(unknown, []);
    }
  });

  it('describes workspaces as preheat takes them', async () => {
    for (const { path, text, kind } of await snippets()) {
      if (kind !== 'gitpod') continue;
      const { diagnostics } = readConfig(text, { repositoryName: 'app', defaultImage: 'debian' });
      assert.deepEqual(
        diagnostics.filter(({ severity }) => severity !== 'info'),
        [],
        path,
      );
    }
  });

  it('asks for no more memory than a step of its size has', async () => {
    const files = (await snippets()).filter(({ kind }) => kind === 'pipelines');
    const asking = files.filter(({ text }) => text.includes('memory:'));
    assert.ok(asking.length > 1);
    for (const { path, text } of asking) {
      const { size, megabytes, others } = readPipelinesMemory(text);
      const step = 4096 * Number.parseInt(size, 10);
      assert.ok(megabytes + others + 1024 <= step, `${path}: ${megabytes} MB in a step of ${step} MB`);
    }
  });

  // Bitbucket's own schema is not committed; where it lies beside the checkout, the snippets are held against it.
  const contracts = process.env['PREHEAT_CONTRACTS'];
  if (contracts === undefined) return;
  it('is what Bitbucket takes', async () => {
    const isPipelines = await pipelinesSchema(contracts);
    for (const { path, content, kind } of await snippets()) {
      if (kind !== 'pipelines') continue;
      assert.ok(isPipelines(content), `${path}: ${JSON.stringify(isPipelines.errors)}`);
    }
    assert.ok(!isPipelines({ pipelines: { default: 'everything' } }), 'the schema takes anything');
    assert.ok(!isPipelines(stepOf([{ pipe: 'a/b:1.0.0', variables: { N: 3 } }])), 'a number is no text');
  });
});

async function pipelinesSchema(folder: string): Promise<ValidateFunction> {
  const schema: unknown = JSON.parse(await readFile(join(folder, 'pipelines-schema.json'), 'utf8'));
  assert.ok(isObject(schema));
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}
