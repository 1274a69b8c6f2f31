import type { Escape } from './escape.ts';
import { splitWords, type Word } from './words.ts';

/** What stands behind an instruction's keyword, taken apart. */
export interface Arguments {
  /** Words such as `--from=build`, in order. */
  readonly flags: readonly Word[];
  /** The other words: those of a JSON list where there is one, else as they are split at white space. */
  readonly words: readonly Word[];
  readonly isJson: boolean;
}

/** Takes an instruction's arguments apart; quotes and variables are left in words that are no JSON. */
export function argumentsOf({ rest, escape }: { readonly rest: string; readonly escape: Escape }): Arguments {
  const all = splitWords(rest, escape);
  const first = all.findIndex(({ text }) => !text.startsWith('--'));
  const flags = first === -1 ? all : all.slice(0, first);
  const others = first === -1 ? [] : all.slice(first);
  const at = others[0]?.at ?? rest.length;
  const list = listIn(rest.slice(at));
  if (list === undefined) return { flags, words: others, isJson: false };
  return { flags, words: list.map((text) => ({ text, at })), isJson: true };
}

/** The value of the last flag of this name, and where it begins; flags without a value have an empty one. */
export function flagOf({ flags }: Arguments, name: string): Word | undefined {
  const found = flags.findLast(({ text }) => text === `--${name}` || text.startsWith(`--${name}=`));
  if (found === undefined) return undefined;
  const skipped = Math.min(`--${name}=`.length, found.text.length);
  return { text: found.text.slice(skipped), at: found.at + skipped };
}

function listIn(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}
