import { isOperator, type ShellToken } from './shell-token.ts';

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
    const previous = tokens[index - 1];
    const isTarget = token.kind === 'word' && previous?.kind === 'redirect';
    const beginsCommand = atCommand && !isTarget && token.kind !== 'redirect' && open.at(-1) !== '[[';
    const role = isTarget ? 'plain' : roleOf(token, beginsCommand, open.at(-1));
    if (role === 'closes') open.pop();
    const depth = open.length;
    if (role === 'opens') open.push(token.text);
    // The name behind "function" is no command, but what follows it is its body.
    const named = previous?.text === 'function' && tokens[index - 1]?.kind === 'word';
    if (!isTarget && token.kind !== 'redirect') atCommand = named || allowsCommand(token, role);
    return { ...token, depth, beginsCommand, isReserved: role !== 'plain', isTarget };
  });
}

type Role = 'opens' | 'closes' | 'between' | 'plain';

function roleOf(token: ShellToken, beginsCommand: boolean, innermost: string | undefined): Role {
  const { kind, text } = token;
  if (kind === 'operator') {
    if (text === '(') return innermost === '[[' ? 'plain' : 'opens';
    return text === ')' && innermost === '(' ? 'closes' : 'plain';
  }
  if (text === ']]') return innermost === '[[' ? 'closes' : 'plain';
  if (!beginsCommand || kind !== 'word') return 'plain';
  if (OPENING.has(text)) return 'opens';
  if (innermost !== undefined && OPENED_BY[text]?.includes(innermost) === true) return 'closes';
  return BETWEEN.has(text) ? 'between' : 'plain';
}

function allowsCommand(token: ShellToken, role: Role): boolean {
  if (role === 'plain') return token.kind === 'operator';
  return !(role === 'opens' && BEFORE_NAME.has(token.text)) || isOperator(token, '(');
}
