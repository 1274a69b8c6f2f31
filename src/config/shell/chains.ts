import type { PlacedToken } from './nesting.ts';

/** A command: a simple one with its words, or a compound one. */
export interface ShellCommand {
  /** Of a simple command, without assignments in front and without redirections. */
  readonly words: readonly PlacedToken[];
  /** What a compound command begins with: `if`, `{`, `(`, …; `function` for the definition of one. */
  readonly compound: string | undefined;
  /** All its tokens, those that it consists of and those inside. */
  readonly tokens: readonly PlacedToken[];
  readonly isNegated: boolean;
}

/** One part of a chain: a command, or several joined by pipes. */
export interface ChainLink {
  /** What joins it to the one before. */
  readonly joint: '&&' | '||' | undefined;
  readonly commands: readonly ShellCommand[];
}

/** Commands joined by `&&` and `||`, up to the end of the line, `;` or `&`. */
export interface Chain {
  readonly links: readonly ChainLink[];
  readonly isBackground: boolean;
  readonly tokens: readonly PlacedToken[];
}

const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** The chains that stand at a depth of the text, in order; those inside of compound commands are parts of these. */
export function chainsOf(tokens: readonly PlacedToken[], depth = 0): readonly Chain[] {
  const chains: Chain[] = [];
  let current: PlacedToken[] = [];
  const end = (isBackground: boolean): void => {
    if (current.some(({ text }) => text !== '\n'))
      chains.push({ links: linksOf(current, depth), isBackground, tokens: current });
    current = [];
  };
  for (const token of tokens) {
    const ends = token.kind === 'operator' && token.depth === depth && ENDS.has(token.text);
    if (ends && !(token.text === '\n' && goesOn(current, depth))) end(token.text === '&');
    else current.push(token);
  }
  end(false);
  return chains;
}

const ENDS = new Set([';', '\n', '&']);
const JOINTS = new Set(['&&', '||', '|', '|&']);

/** Whether what stands in a line goes on in the next: behind `&&`, `||` and `|`, and behind the head of a function. */
function goesOn(line: readonly PlacedToken[], depth: number): boolean {
  return isJoint(line.at(-1), depth) || isFunctionHead(line);
}

function isFunctionHead(line: readonly PlacedToken[]): boolean {
  const [name, open, close, ...more] = line.filter(({ text }) => text !== '\n');
  if (name?.text === 'function' && name.isReserved)
    return open !== undefined && more.length < 2 && !line.some(({ text }) => text === '{');
  return open?.text === '(' && close?.text === ')' && more.length === 0 && name?.kind === 'word';
}

function isJoint(token: PlacedToken | undefined, depth: number): boolean {
  // Line ends behind a joint are part of the chain, so that several of them may follow it.
  return (
    token?.kind === 'operator' && token.depth === depth && (JOINTS.has(token.text) || token.text === '\n')
  );
}

function linksOf(tokens: readonly PlacedToken[], depth: number): readonly ChainLink[] {
  const parts = split(tokens, depth, ['&&', '||']);
  return parts.map(({ joint, tokens: inside }) => ({
    joint: joint === '&&' || joint === '||' ? joint : undefined,
    commands: split(inside, depth, ['|', '|&']).map((part) => commandOf(part.tokens, depth)),
  }));
}

interface Part {
  readonly joint: string | undefined;
  readonly tokens: readonly PlacedToken[];
}

function split(tokens: readonly PlacedToken[], depth: number, joints: readonly string[]): readonly Part[] {
  const parts: { joint: string | undefined; tokens: PlacedToken[] }[] = [{ joint: undefined, tokens: [] }];
  for (const token of tokens) {
    const isHere = token.kind === 'operator' && token.depth === depth;
    if (isHere && joints.includes(token.text)) parts.push({ joint: token.text, tokens: [] });
    else if (!isHere || token.text !== '\n') parts.at(-1)?.tokens.push(token);
  }
  return parts;
}

function commandOf(tokens: readonly PlacedToken[], depth: number): ShellCommand {
  const isNegated = tokens[0]?.text === '!' && tokens[0].isReserved;
  const own = isNegated ? tokens.slice(1) : tokens;
  const compound = compoundOf(own, depth);
  return { words: compound === undefined ? wordsOf(own) : [], compound, tokens: own, isNegated };
}

function compoundOf(tokens: readonly PlacedToken[], depth: number): string | undefined {
  const [first, second] = tokens;
  if (first === undefined || first.depth !== depth) return undefined;
  if (first.isReserved && first.text !== 'time') return first.text;
  return second?.kind === 'operator' && second.text === '(' ? 'function' : undefined;
}

/** The words of a simple command, without assignments in front. */
export function wordsOf(tokens: readonly PlacedToken[]): readonly PlacedToken[] {
  const words = tokens.filter(
    ({ kind, isTarget, isReserved }) => kind === 'word' && !isTarget && !isReserved,
  );
  const first = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  return first === -1 ? [] : words.slice(first);
}
