import { stripVTControlCharacters, styleText } from 'node:util';
import { durationText } from '../kernel/amounts.ts';
import type { Level, LogEvent, StepOutcome } from '../kernel/log.ts';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Writes a text in a style, or as it is where the reader wants no colour. */
export type Paint = (style: Style, text: string) => string;

/** A {@link Paint} that does, or does not, colour. */
export function createPaint(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

const OUTCOME_MARKS: Readonly<Record<StepOutcome, readonly [Style, string]>> = {
  done: ['green', '✔'],
  reused: ['green', '↺'],
  failed: ['red', '✖'],
};

/** How a step that has ended reads: `✔ publish: 3 blobs (1.2 s)`. */
export function endedStepText(
  { name, outcome, detail, durationMs }: LogEvent & { readonly type: 'step-end' },
  paint: Paint,
): string {
  const words = detail === '' ? name : `${name}: ${detail}`;
  return `${paint(...OUTCOME_MARKS[outcome])} ${plainText(words)} ${paint('dim', `(${durationText(durationMs)})`)}`;
}

const LEVEL_MARKS: Readonly<Record<Level, readonly [Style, string]>> = {
  debug: ['dim', '·'],
  info: ['cyan', 'ℹ'],
  warn: ['yellow', '⚠'],
  error: ['red', '✖'],
};

/** How a message reads: `⚠ no credentials`; each further line is indented below the first. */
export function messageText(level: Level, text: string, paint: Paint): string {
  const [style, mark] = LEVEL_MARKS[level];
  const words = text.split(/\r?\n/).map(plainText).join('\n  ');
  return `${paint(style, mark)} ${level === 'info' ? words : paint(style, words)}`;
}

/** How a line of a task reads: `[build] …`. */
export function outputText(source: string, text: string, paint: Paint): string {
  return `${paint('dim', `[${plainText(source)}]`)} ${plainText(text)}`;
}

/** How a line of the run's result reads: good and bad news in their colours. */
export function resultText(line: string, paint: Paint): string {
  if (line.startsWith('✔')) return paint('green', line);
  return line.startsWith('✖') ? paint('red', line) : line;
}

/** A text from outside without what would move the cursor or ring the bell: one line stays one line. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replaceAll(/\p{Cc}/gu, '');
}
