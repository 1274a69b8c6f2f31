import type { Document } from 'yaml';
import type { Tell } from './finding.ts';
import { inputFault, listedInputs, normalInputs, type ListedInput } from './input-list.ts';
import { quoted } from './printable.ts';
import { findTaskPlaces } from './task-places.ts';
import { commentsIn } from './yaml-comments.ts';

/** A comment of a file, by its first character and the rest of its line. */
export interface WrittenComment {
  readonly source: string;
  readonly offset: number;
}

/** The inputs that tasks declare, by their index. */
export type TaskInputs = ReadonlyMap<number, readonly string[]>;

/** YAML writes `#`, JSON with comments `//`. */
const ADDRESSED = /^(?:#|\/\/)\s*preheat:\s*/;
const INPUTS = /^inputs\s*=/;
const EXAMPLE = 'write "# preheat: inputs=package.json,src/**" above a task or in it';
const JSON_EXAMPLE = 'write "// preheat: inputs=package.json,src/**"';

/**
 * Reads `# preheat: inputs=…`: comments, so that whatever else reads the file passes over them. One that cannot be
 * understood is told, since the step would be keyed by something else than was meant.
 */
export function taskInputs(text: string, document: Document, tell: Tell): TaskInputs {
  const found = new Map<number, readonly string[]>();
  if (!text.includes('preheat:')) return found;
  const places = findTaskPlaces(document, text);
  for (const comment of commentsIn(text).filter(isAddressed)) {
    const inputs = inputsIn(comment, tell);
    if (inputs.length === 0) continue;
    const task = places.taskOf(comment);
    if (task === undefined) tellOf(comment, 'warning', 'the inputs belong to no task', EXAMPLE, tell);
    else found.set(task, normalInputs([...(found.get(task) ?? []), ...inputs]));
  }
  return found;
}

/** The entries of all such comments among those of a file, with where each stands in it. */
export function writtenInputs(comments: readonly WrittenComment[]): readonly ListedInput[] {
  return comments.filter(isAddressed).flatMap((comment) => listedIn(comment) ?? []);
}

/** Whether a comment is meant for preheat. */
export function isAddressed({ source }: WrittenComment): boolean {
  return ADDRESSED.test(source);
}

/** What one such comment declares; what cannot be understood is told. */
export function inputsIn(comment: WrittenComment, tell: Tell): readonly string[] {
  const listed = listedIn(comment);
  if (listed === undefined)
    tellOf(comment, 'warning', 'preheat reads only "inputs=" in a comment', exampleFor(comment), tell);
  if (listed?.length === 0) tellOf(comment, 'error', 'inputs= names no path', exampleFor(comment), tell);
  for (const input of listed ?? []) tellOfFault(input, tell);
  return (listed ?? []).map(({ text }) => text);
}

/** What a comment lists, by its place in the whole text; `undefined` where it sets something else. */
function listedIn({ source, offset }: WrittenComment): readonly ListedInput[] | undefined {
  const [address = ''] = ADDRESSED.exec(source) ?? [];
  const [setting] = INPUTS.exec(source.slice(address.length)) ?? [];
  if (setting === undefined) return undefined;
  const before = address.length + setting.length;
  const at = offset + before;
  return listedInputs(source.slice(before)).map(({ text, start, end }) => ({
    text,
    start: at + start,
    end: at + end,
  }));
}

function exampleFor({ source }: WrittenComment): string {
  return source.startsWith('#') ? EXAMPLE : JSON_EXAMPLE;
}

function tellOfFault({ text, start, end }: ListedInput, tell: Tell): void {
  const fault = inputFault(text);
  if (fault === undefined) return;
  tell({
    severity: 'error',
    where: { start, end },
    message: `inputs: ${quoted(text)} is no path of the repository: ${fault}`,
    suggestion: 'write a path or pattern below the root of the repository',
  });
}

function tellOf(
  { source, offset }: WrittenComment,
  severity: 'error' | 'warning',
  message: string,
  suggestion: string,
  tell: Tell,
): void {
  tell({ severity, where: { start: offset, end: offset + source.length }, message, suggestion });
}
