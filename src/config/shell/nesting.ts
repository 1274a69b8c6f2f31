import type { ShellToken } from './shell-token.ts';

/** A token, and where it stands in the structure of the text. */
export interface PlacedToken extends ShellToken {
  /** How many compound commands it stands in; what opens and closes one stands outside of it. */
  readonly depth: number;
  /** Whether a command could begin here. */
  readonly beginsCommand: boolean;
  /** Whether it is a word that only has to do with structure, such as `then`. */
  readonly isReserved: boolean;
  /** Whether it is where a stream leads to. */
  readonly isTarget: boolean;
}

const OPENED_BY: Readonly<Record<string, readonly string[]>> = {
  fi: ['if'],
  done: ['for', 'select', 'while', 'until'],
  esac: ['case'],
  '}': ['{'],
  ')': ['('],
  ']]': ['[['],
};
const OPENING = new Set(['if', 'for', 'select', 'while', 'until', 'case', '{', '(', '[[']);
const BETWEEN = new Set(['then', 'else', 'elif', 'do', '!', 'time', 'function']);
/** Behind these come a name or a word, not a command. */
const BEFORE_NAME = new Set(['for', 'select', 'case', '[[']);

/** Follows compound commands through the tokens of a text, as far as reserved words and parentheses tell. */
export function placeTokens(tokens: readonly ShellToken[]): readonly PlacedToken[] {
  const open: string[] = [];
  let atCommand = true;
  return tokens.map((token, index): PlacedToken => {
    const before = tokens[index - 1];
    if (token.kind === 'redirect' || before?.kind === 'redirect')
      return placed(token, open.length, { isTarget: token.kind === 'word' });
    const beginsCommand = atCommand && open.at(-1) !== '[[';
    const role =
      token.kind === 'operator'
        ? roleOfOperator(token, open.at(-1))
        : roleOfWord(token, beginsCommand, open.at(-1));
    if (role === 'closes') open.pop();
    const depth = open.length;
    if (role === 'opens') open.push(token.text);
    // The name behind "function" is no command, but what follows it is its body.
    atCommand = isWord(before, 'function') || allowsCommand(token, role);
    return placed(token, depth, { beginsCommand, isReserved: role !== 'plain' });
  });
}

function placed(
  token: ShellToken,
  depth: number,
  more: Partial<Pick<PlacedToken, 'beginsCommand' | 'isReserved' | 'isTarget'>>,
): PlacedToken {
  return { ...token, depth, beginsCommand: false, isReserved: false, isTarget: false, ...more };
}

type Role = 'opens' | 'closes' | 'between' | 'plain';

function roleOfOperator({ text }: ShellToken, innermost: string | undefined): Role {
  if (text === '(') return innermost === '[[' ? 'plain' : 'opens';
  return text === ')' && innermost === '(' ? 'closes' : 'plain';
}

function roleOfWord({ text }: ShellToken, beginsCommand: boolean, innermost: string | undefined): Role {
  if (text === ']]') return innermost === '[[' ? 'closes' : 'plain';
  if (!beginsCommand) return 'plain';
  if (OPENING.has(text)) return 'opens';
  if (innermost !== undefined && OPENED_BY[text]?.includes(innermost) === true) return 'closes';
  return BETWEEN.has(text) ? 'between' : 'plain';
}

function isWord(token: ShellToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

function allowsCommand(token: ShellToken, role: Role): boolean {
  if (role === 'plain') return token.kind === 'operator';
  return !(role === 'opens' && BEFORE_NAME.has(token.text));
}
