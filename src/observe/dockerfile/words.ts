import type { Escape } from './escape.ts';

/** A word of an instruction and where it begins; quotes and escapes are still in it. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** Splits at white space that is neither quoted nor escaped. */
export function splitWords(line: string, escape: Escape): readonly Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length;) {
    if (/\s/.test(line[at] ?? '')) {
      at++;
      continue;
    }
    const end = endOfWord(line, at, escape);
    words.push({ text: line.slice(at, end), at });
    at = end;
  }
  return words;
}

function endOfWord(line: string, begin: number, escape: Escape): number {
  let quote: string | undefined;
  for (let at = begin; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === escape && quote !== "'") at++;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (/\s/.test(character)) return at;
    else if (character === '"' || character === "'") quote = character;
  }
  return line.length;
}
