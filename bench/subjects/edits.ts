import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edit } from './subject.ts';

/** An edit of one file. */
export function edited(path: string, change: (text: string) => string): Edit {
  return async ({ directory }) => ({ [path]: change(await readFile(join(directory, path), 'utf8')) });
}

/** An edit that puts a line at the end of a file. */
export function appended(path: string, line: string): Edit {
  return edited(path, (text) => `${text}${line}\n`);
}
