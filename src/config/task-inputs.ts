import type { Document } from 'yaml';
import type { Tell } from './finding.ts';
import { inputFault, listedInputs, normalInputs, type ListedInput } from './input-list.ts';
import { quoted } from './printable.ts';
import { findTaskPlaces } from './task-places.ts';
import { commentsIn, type YamlComment } from './yaml-comments.ts';

/** The inputs that tasks declare, by their index. */
export type TaskInputs = ReadonlyMap<number, readonly string[]>;

const ADDRESSED = /^#\s*preheat:\s*/;
const INPUTS = /^inputs\s*=/;
const EXAMPLE = 'write "# preheat: inputs=package.json,src/**" above a task or in it';

/**
 * Reads `# preheat: inputs=…`: comments, so that whatever else reads the file passes over them. One that cannot be
 * understood is told, since the step would be keyed by something else than was meant.
 */
export function taskInputs(text: string, document: Document, tell: Tell): TaskInputs {
  const found = new Map<number, readonly string[]>();
  if (!text.includes('preheat:')) return found;
  const places = findTaskPlaces(document, text);
  for (const comment of commentsIn(text).filter(({ source }) => ADDRESSED.test(source))) {
    const inputs = inputsIn(comment, tell);
    if (inputs.length === 0) continue;
    const task = places.taskOf(comment);
    if (task === undefined) tellOf(comment, 'warning', 'the inputs belong to no task', EXAMPLE, tell);
    else found.set(task, normalInputs([...(found.get(task) ?? []), ...inputs]));
  }
  return found;
}

function inputsIn(comment: YamlComment, tell: Tell): readonly string[] {
  const [address = ''] = ADDRESSED.exec(comment.source) ?? [];
  const [setting] = INPUTS.exec(comment.source.slice(address.length)) ?? [];
  if (setting === undefined) {
    tellOf(comment, 'warning', 'preheat reads only "inputs=" in a comment', EXAMPLE, tell);
    return [];
  }
  const before = address.length + setting.length;
  const listed = listedInputs(comment.source.slice(before));
  if (listed.length === 0) tellOf(comment, 'error', 'inputs= names no path', EXAMPLE, tell);
  for (const input of listed) tellOfFault(input, comment.offset + before, tell);
  return listed.map(({ text }) => text);
}

function tellOfFault({ text, start, end }: ListedInput, before: number, tell: Tell): void {
  const fault = inputFault(text);
  if (fault === undefined) return;
  tell({
    severity: 'error',
    where: { start: before + start, end: before + end },
    message: `inputs: ${quoted(text)} is no path of the repository: ${fault}`,
    suggestion: 'write a path or pattern below the root of the repository',
  });
}

function tellOf(
  { source, offset }: YamlComment,
  severity: 'error' | 'warning',
  message: string,
  suggestion: string,
  tell: Tell,
): void {
  tell({ severity, where: { start: offset, end: offset + source.length }, message, suggestion });
}
