import { normalize } from 'node:path/posix';

/** One entry of a list of inputs, and where it stands in the list's text. */
export interface ListedInput {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The entries of a comma list, without the white space around them; entries of nothing but white space are left out. */
export function listedInputs(list: string): readonly ListedInput[] {
  return [...list.matchAll(/[^,]+/g)].flatMap(({ 0: part, index }) => {
    const text = part.trim();
    const start = index + part.indexOf(text);
    return text === '' ? [] : [{ text, start, end: start + text.length }];
  });
}

/** Why an entry names nothing of a repository; `undefined` where it does. */
export function inputFault(text: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001F\u007F]/.test(text)) return 'it holds a control character';
  if (text.startsWith('/')) return 'it is an absolute path';
  if (text.startsWith('!')) return 'nothing can be taken back with "!"';
  return text.split('/').includes('..') ? 'it has ".." in it' : undefined;
}

/**
 * The inputs that a comma list names, normal (`./src/` is `src`), each once, sorted. Each is a path below the root of the
 * repository, a pattern (`*` and `?` within a name, `**` for any number of folders), `.` for all files, or `.git`.
 * Throws `RangeError` for a list that names none, and for what is no such path.
 */
export function parseInputs(list: string): readonly string[] {
  const listed = listedInputs(list);
  if (listed.length === 0) throw new RangeError('names no path');
  for (const { text } of listed) {
    const fault = inputFault(text);
    if (fault !== undefined)
      throw new RangeError(`${JSON.stringify(text)} is no path of the repository: ${fault}`);
  }
  return normalInputs(listed.map(({ text }) => text));
}

/** Inputs in normal form, each once, sorted. */
export function normalInputs(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(normalInput))].toSorted();
}

/** What lies in `.git` cannot be told apart: all of it follows from the commit, the ref and the remote. */
export function normalInput(text: string): string {
  const path = normalize(text).replace(/(?<=.)\/+$/, '');
  return path === '.git' || path.startsWith('.git/') ? '.git' : path;
}
