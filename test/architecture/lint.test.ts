import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './cruise.ts';

/** A line that is refused in most of src, and the rule that says so. */
const refused: readonly (readonly [line: string, rule: string])[] = [
  ['export const home = process.env["HOME"];', 'no-restricted-properties'],
  ['export const end = (): never => process.exit(1);', 'no-restricted-properties'],
  ['export const now = (): number => Date.now();', 'no-restricted-properties'],
  ['export const luck = (): number => Math.random();', 'no-restricted-properties'],
  ['export const say = (): void => console.log("hello");', 'no-restricted-globals'],
];

const piped = 'export const flow = (a: NodeJS.ReadableStream, b: NodeJS.WritableStream) => a.pipe(b);';

describe('the lint rules by folder', () => {
  it('refuse environment, clock, chance, terminal and pipe() in a stage', async () => {
    const found = await lint('src/plan', [...refused.map(([line]) => line), piped]);
    assert.deepEqual(found, [...refused.map(([, rule]) => rule), 'no-restricted-properties']);
  });

  it('allow all but pipe() in the kernel and the command line', async () => {
    for (const folder of ['src/kernel', 'src/cli']) {
      const found = await lint(folder, [...refused.map(([line]) => line), piped]);
      assert.deepEqual(found, ['no-restricted-properties']);
    }
  });

  it('refuse long and complex functions, any, and default exports', async () => {
    const long = `export const long = (): void => {\n${'  void 0;\n'.repeat(71)}};`;
    const branches = Array.from({ length: 13 }, (_, index) => `if (n === ${index}) return ${index};`).join(
      ' ',
    );
    const complex = `export function complex(n: number): number { ${branches} return n; }`;
    const rules = await lint('src/plan', [long, complex, 'export type A = any;', 'export default 1;']);
    assert.deepEqual(rules, ['max-lines-per-function', 'complexity', 'no-explicit-any', 'no-default-export']);
  });
});

/** The names of the rules that oxlint finds broken in a file of these lines, in their order. */
async function lint(folder: string, lines: readonly string[]): Promise<readonly string[]> {
  await using copy = await mkdtempDisposable(join(tmpdir(), 'preheat-lint-'));
  const file = join(copy.path, folder, 'planted.ts');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, lines.join('\n'));
  await copyFile(join(root, '.oxlintrc.json'), join(copy.path, '.oxlintrc.json'));
  const args = ['--format', 'json', file];
  const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), args, {
    cwd: copy.path,
  }).catch((error: unknown) => error as { readonly stdout: string });
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics
    .toSorted((a, b) => lineOf(a) - lineOf(b))
    .map(({ code }) => /\((.*)\)/.exec(code)?.[1] ?? code);
}

interface Diagnostic {
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

const lineOf = ({ labels }: Diagnostic): number => labels[0]?.span.line ?? 0;
