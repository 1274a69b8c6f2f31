import { isMap, isScalar, isSeq, type Document, type YAMLSeq } from 'yaml';
import type { YamlComment } from './yaml-comments.ts';

/** Where the entries of `tasks:` stand in the text. */
export interface TaskPlaces {
  /** Whose a comment is: the entry's in which it stands, or above which; `undefined` where it belongs to none. */
  taskOf(comment: YamlComment): number | undefined;
}

/** Finds the entries of `tasks:` in a document that was parsed with its source tokens. */
export function findTaskPlaces(document: Document, text: string): TaskPlaces {
  const section = sectionOf(document, text);
  return {
    taskOf(comment) {
      if (section === undefined || comment.offset < section.start || comment.offset >= section.end)
        return undefined;
      const next = section.entries.findIndex((entry) => entry > comment.offset);
      if (isAbove(comment, section, text)) return next === -1 ? undefined : next;
      const inside = (next === -1 ? section.entries.length : next) - 1;
      return inside === -1 ? undefined : inside;
    },
  };
}

/** The lines of `tasks:` up to the next key, and where each entry begins: at its dash, if it has one. */
interface Section {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly number[];
}

function sectionOf({ contents }: Document, text: string): Section | undefined {
  if (!isMap(contents)) return undefined;
  const keys = contents.items.map(({ key }) => (isScalar(key) ? (key.range?.[0] ?? 0) : 0));
  const at = contents.items.findIndex(({ key }) => isScalar(key) && key.value === 'tasks');
  const tasks = contents.items[at]?.value;
  if (!isSeq(tasks)) return undefined;
  return { start: keys[at] ?? 0, end: keys[at + 1] ?? text.length, entries: entriesOf(tasks) };
}

function entriesOf({ srcToken, items }: YAMLSeq): readonly number[] {
  if (srcToken?.type !== 'block-seq') return items.map(startOf);
  return srcToken.items.flatMap(({ start }) => {
    const dash = start.find(({ type }) => type === 'seq-item-ind');
    return dash === undefined ? [] : [dash.offset];
  });
}

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0;
  const [start]: readonly unknown[] = node.range;
  return typeof start === 'number' ? start : 0;
}

/** Whether a comment has a line of its own that is indented no further than the dashes. */
function isAbove({ offset }: YamlComment, { entries }: Section, text: string): boolean {
  const indentation = text.slice(lineStart(text, offset), offset);
  const [first = 0] = entries;
  return indentation.trim() === '' && indentation.length <= first - lineStart(text, first);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}
