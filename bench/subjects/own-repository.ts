import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execa } from 'execa';
import { readConfig } from '../../src/config/read-config.ts';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { cloneIn, type TestClone } from '../../test/support/clone.ts';
import type { Recipe } from '../dockerfile.ts';
import type { Change } from '../push-kind.ts';
import { basesOf, renamedBases } from './named-bases.ts';
import { editablePaths } from './editable-paths.ts';
import { appended } from './edits.ts';
import { ownRecipe } from './own-recipe.ts';
import { editedSubject, type Edit, type Subject, type SubjectKind } from './subject.ts';

const CONFIG_FILE = '.gitpod.yml';

/**
 * A clone somewhere on this machine: cold at the commit before its last one, then that one, then a line more in a file
 * of each kind that it has. The clone itself is left as it is.
 * @throws {Error} where it has no `.gitpod.yml` that can be built
 */
export async function ownRepository(folder: string): Promise<SubjectKind> {
  const origin = resolve(folder);
  const name = basename(origin);
  const git = async (...words: readonly string[]): Promise<string> =>
    (await execa('git', words, { cwd: origin })).stdout;
  const [text, paths] = [
    await git('show', `HEAD:${CONFIG_FILE}`),
    await git('ls-tree', '-r', '-z', '--name-only', 'HEAD'),
  ];
  const config = configOf(text, name);
  const dockerfile = config.base.kind === 'dockerfile' ? config.base.file : undefined;
  const dockerfileText = dockerfile === undefined ? undefined : await git('show', `HEAD:${dockerfile}`);
  const history = (await git('rev-list', '--max-count=2', '--first-parent', 'HEAD')).split('\n');
  const edits: Partial<Record<Change, Edit>> = editsOf(editablePaths(paths.split('\0')), dockerfile);
  const last = history.length > 1 ? (['last-commit'] as const) : [];
  const bases = basesOf(config.base, dockerfileText);
  return {
    name,
    title: `\`${name}\` at ${history[0]?.slice(0, 12)}`,
    bases,
    changes: [...last, ...changesOf(edits)],
    unread: ['docs-only'],
    make: (nameOf) => makeSubject({ origin, name, history, edits, bases, nameOf }),
  };
}

interface Making {
  readonly origin: string;
  readonly name: string;
  /** The last commit, and the one before it where there is one. */
  readonly history: readonly string[];
  readonly edits: Readonly<Partial<Record<Change, Edit>>>;
  readonly bases: readonly string[];
  readonly nameOf: (base: string) => string;
}

async function makeSubject({ origin, name, history, edits, bases, nameOf }: Making): Promise<Subject> {
  const parent = await mkdtemp(join(tmpdir(), 'preheat-clone-'));
  const directory = join(parent, name);
  await execa('git', ['clone', '--quiet', origin, directory]);
  const clone = cloneIn(parent, directory);
  await clone.git('checkout', '--quiet', '-B', 'main', history.at(-1) ?? 'HEAD');
  const renamed = (): Promise<Readonly<Record<string, string>>> => renamedFiles(clone, name, bases, nameOf);
  await clone.commit(await renamed(), 'Name bases of the registry under test');
  const lastCommit: Edit = async () => {
    await clone.git('read-tree', '--reset', '-u', history[0] ?? 'HEAD');
    return renamed();
  };
  return editedSubject(clone, { ...edits, 'last-commit': lastCommit }, () => recipeOf(clone, name));
}

async function renamedFiles(
  clone: TestClone,
  name: string,
  bases: readonly string[],
  nameOf: (base: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const text = await textOf(clone, CONFIG_FILE);
  const { base } = configOf(text, name);
  if (base.kind === 'reference') return { [CONFIG_FILE]: renamedBases(text, 'image:', bases, nameOf) };
  return { [base.file]: renamedBases(await textOf(clone, base.file), 'FROM', bases, nameOf) };
}

async function recipeOf(clone: TestClone, name: string): Promise<Recipe> {
  const config = configOf(await textOf(clone, CONFIG_FILE), name);
  const { base } = config;
  const lines = base.kind === 'reference' ? `FROM ${base.reference}` : await textOf(clone, base.file);
  const paths = (await clone.git('ls-files', '-z')).split('\0');
  return ownRecipe(config, lines, new Set(paths));
}

function configOf(text: string, repositoryName: string): WorkspaceConfig {
  const { config, diagnostics } = readConfig(text, { repositoryName });
  if (config === undefined) throw new Error(`cannot read ${CONFIG_FILE}: ${diagnostics[0]?.message ?? ''}`);
  if (config.base.kind === 'dockerfile' && config.base.context !== '.')
    throw new Error('cannot make an equal Dockerfile: its context is not the whole repository');
  return config;
}

async function textOf({ directory }: TestClone, path: string): Promise<string> {
  return readFile(join(directory, path), 'utf8');
}

/** An empty line more is a change in every language. */
function editsOf(paths: ReturnType<typeof editablePaths>, dockerfile: string | undefined) {
  const { document, source, lock } = paths;
  return {
    ...(document !== undefined && { 'docs-only': appended(document, '') }),
    ...(source !== undefined && { 'source-only': appended(source, '') }),
    ...(lock !== undefined && { dependencies: appended(lock, '') }),
    ...(dockerfile !== undefined && { dockerfile: appended(dockerfile, '\nRUN true') }),
  };
}

function changesOf(edits: Readonly<Partial<Record<Change, Edit>>>): readonly Change[] {
  const all = ['docs-only', 'source-only', 'dependencies', 'dockerfile'] as const;
  return all.filter((change) => edits[change] !== undefined);
}
