import { parseArgs } from 'node:util';
import { PUSH_KINDS, type PushKind } from './push-kind.ts';

/** What is to be measured, as words say. */
export interface Arguments {
  readonly runs: number;
  /** A clone to be measured instead of the subjects that are there. */
  readonly repo: string | undefined;
  /** Names; all where it is absent. */
  readonly only: ReadonlySet<string> | undefined;
  readonly contenders: ReadonlySet<string> | undefined;
  readonly pushes: ReadonlySet<PushKind>;
  /** Whether nothing was left out, so that the page can be written. */
  readonly whole: boolean;
}

/**
 * Reads the words after `npm run bench --`; names are those that `known` has.
 * @throws {Error} where a word is wrong
 */
export function readArguments(
  words: readonly string[],
  known: { readonly only: readonly string[]; readonly contenders: readonly string[] },
): Arguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...words],
    options: { runs: { ...text, default: '3' }, repo: text, only: text, pushes: text, contenders: text },
  });
  const pushes = names('pushes', values.pushes, PUSH_KINDS);
  const only = names('only', values.only, known.only);
  const contenders = names('contenders', values.contenders, known.contenders);
  const { repo } = values;
  return {
    runs: runsOf(values.runs),
    repo,
    only,
    contenders,
    pushes: pushes ?? new Set(PUSH_KINDS),
    whole: [pushes, only, contenders, repo].every((value) => value === undefined),
  };
}

function runsOf(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`cannot measure ${text} runs: it must be 1 or more`);
  return runs;
}

function names<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): ReadonlySet<Name> | undefined {
  if (text === undefined) return undefined;
  const found = text
    .split(',')
    .map((word) => known.find((name) => name === word) ?? unknown(option, word, known));
  return new Set(found);
}

function unknown(option: string, word: string, known: readonly string[]): never {
  throw new Error(`cannot take --${option} ${word}: there are ${known.join(', ')}`);
}
