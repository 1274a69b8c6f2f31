import { join } from 'node:path';
import { assertGolden } from '../support/golden.ts';
import type { Labelled, SeenStatement } from './statement.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/gitpod-sections');
const INTRODUCTION = `Each entry says what Gitpod Classic did, and below it what preheat was seen to do: its code was run, and this is what
came out. Where the two differ on purpose, a line that begins with "preheat:" says why; docs/migration.md says more.
The tests in test/gitpod-sections/ compare this file with every run, and write it anew with UPDATE_GOLDEN=1.`;
const INDENT = '    ';
const LABEL_WIDTH = 12;

/** Compares what was seen of a section with its golden file, `<name>.txt`. */
export function assertSection(name: string, title: string, statements: readonly SeenStatement[]): void {
  const entries = statements.map((statement, at) => entryOf(at + 1, statement));
  assertGolden(
    join(FIXTURES, `${name}.txt`),
    `${[title, '='.repeat(title.length), '', INTRODUCTION, ...entries].join('\n')}\n`,
  );
}

function entryOf(number: number, { gitpod, differs, seen }: SeenStatement): string {
  const head = differs === undefined ? [gitpod] : [gitpod, `${INDENT}preheat: ${differs}`];
  return ['', `${number}. ${head.join('\n')}`, ...seen.flatMap(linesOf)].join('\n');
}

function linesOf([label, text]: Labelled): readonly string[] {
  const lines = (text === '' ? '(nothing)' : text).trimEnd().split('\n');
  return lines.map((line, at) => `${INDENT}${(at === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`.trimEnd());
}
