import type { Severity } from '../kernel/diagnostic.ts';

/** A place in the document's structure: map keys and list indexes from the root. */
export type NodePath = readonly (string | number)[];

/**
 * Where a finding is: in the structure (pointing at the value, at a part of the text that it means, or at the key that
 * names it), or in the file's own text.
 */
export type FindingPlace =
  | { readonly path: NodePath; readonly at: 'key' | 'value' }
  | { readonly path: NodePath; readonly within: { readonly start: number; readonly end: number } }
  | { readonly start: number; readonly end: number };

/**
 * Something to tell about a file, before it is drawn. `refused` is what Gitpod refused although it can be lived with:
 * an error when strict, a warning otherwise.
 */
export interface Finding {
  readonly severity: Severity | 'refused';
  readonly where: FindingPlace;
  readonly message: string;
  readonly suggestion?: string;
}

/** Takes findings one by one. */
export type Tell = (finding: Finding) => void;

/** Makes a finding; `suggestion` is what to write instead. */
type MakeFinding = (
  severity: Finding['severity'],
  path: NodePath,
  message: string,
  suggestion?: string,
) => Finding;

const about =
  (at: 'key' | 'value'): MakeFinding =>
  (severity, path, message, suggestion) => ({
    severity,
    where: { path, at },
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  });

/** A finding about the value at a path. */
export const aboutValue = about('value');

/** A finding about a key of a map. */
export const aboutKey = about('key');

/** Writes a path as people do: `tasks[0].init`. */
export function pathText(path: NodePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
