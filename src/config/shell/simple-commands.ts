import { wordsOf } from './chains.ts';
import type { PlacedToken } from './nesting.ts';

/** The words of each simple command of a text, also inside of compound ones, in order. */
export function simpleCommands(tokens: readonly PlacedToken[]): readonly (readonly PlacedToken[])[] {
  const commands: PlacedToken[][] = [];
  let isOpen = false;
  for (const token of tokens) {
    if (token.kind === 'operator' || token.isReserved) isOpen = false;
    else if (isOpen) commands.at(-1)?.push(token);
    else if (token.beginsCommand && token.kind === 'word') {
      commands.push([token]);
      isOpen = true;
    }
  }
  return commands.map(wordsOf).filter((words) => words.length > 0);
}
