import type * as z from 'zod';
import { aboutValue, pathText, type Finding, type NodePath } from './finding.ts';
import { nearestWord } from './nearest-word.ts';
import { quoted } from './printable.ts';
import { described, either, shapeName } from './shape-words.ts';
import { shapeSuggestion } from './shape-suggestion.ts';

type Issue = z.core.$ZodIssue;

/** Turns what zod says about a value into findings for people. */
export function typeFindings(issues: readonly Issue[], root: unknown): readonly Finding[] {
  return issues.flatMap((issue) => findingsOf(issue, [], root));
}

function findingsOf(issue: Issue, base: NodePath, root: unknown): readonly Finding[] {
  const path = [...base, ...nodePath(issue.path)];
  if (issue.code === 'invalid_union') return unionFindings(issue.errors, path, root);
  return [aboutValue('error', path, ...wording(issue, path, valueAt(root, path)))];
}

/**
 * A union tells about each of its branches. The branch that the value has the shape of is the one that was meant; where
 * it has the shape of none, all shapes are named.
 */
function unionFindings(
  branches: readonly (readonly Issue[])[],
  path: NodePath,
  root: unknown,
): readonly Finding[] {
  const meant = branches.find((issues) => !issues.some(isWrongShape));
  if (meant !== undefined) return meant.flatMap((issue) => findingsOf(issue, path, root));
  const shapes = branches.flatMap((issues) => issues.flatMap((issue) => shapesOf(issue)));
  const value = valueAt(root, path);
  const words = value === undefined ? missingKey(path) : wrongType(shapes, path, value);
  return [aboutValue('error', path, ...words)];
}

function isWrongShape(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function shapesOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [shapeName(issue.expected)];
  return issue.code === 'invalid_value' ? issue.values.map((value) => `"${String(value)}"`) : [];
}

function wording(issue: Issue, path: NodePath, value: unknown): readonly [string, string?] {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? missingKey(path) : wrongType([shapeName(issue.expected)], path, value);
    case 'invalid_value':
      return wrongWord(issue.values.map(String), path, value);
    case 'invalid_format':
      return [`${subject(path)} is no port or range of ports: ${described(value)}`, portSuggestion(value)];
    default:
      return [`${subject(path)}: ${issue.message}`];
  }
}

function missingKey(path: NodePath): readonly [string, string] {
  const key = String(path.at(-1));
  return [`${subject(path.slice(0, -1))} lacks the key "${key}"`, `add "${key}:"`];
}

/** `expected a string, got the number 3`, and how to write it instead. */
function wrongType(shapes: readonly string[], path: NodePath, value: unknown): readonly [string, string?] {
  const message = `${subject(path)}: expected ${either(shapes)}, got ${described(value)}`;
  const suggestion = shapeSuggestion(shapes, path, value);
  return suggestion === undefined ? [message] : [message, suggestion];
}

/** `expected one of "a", "b", got "c"`, and the word that was meant. */
function wrongWord(words: readonly string[], path: NodePath, value: unknown): readonly [string, string?] {
  const message = `${subject(path)}: expected ${either(words.map((word) => `"${word}"`))}, got ${described(value)}`;
  const near = typeof value === 'string' ? nearestWord(value, words) : undefined;
  return near === undefined ? [message] : [message, `did you mean "${near}"?`];
}

function portSuggestion(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^\d+$/.test(text)) return `write ${text}`;
  return 'write a number such as 3000, or a range such as 3000-3999';
}

function subject(path: NodePath): string {
  return path.length === 0
    ? 'the file'
    : pathText(path.map((part) => (typeof part === 'string' ? quotedKey(part) : part)));
}

function quotedKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : quoted(key);
}

function nodePath(path: readonly PropertyKey[]): NodePath {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(root: unknown, path: NodePath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return Reflect.get(value, part);
  }, root);
}
