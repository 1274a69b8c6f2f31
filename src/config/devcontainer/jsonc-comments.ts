import { createScanner } from 'jsonc-parser';
import type { WrittenComment } from '../task-inputs.ts';

/** The comments of a text that run to the end of their line. */
export function lineCommentsIn(text: string): readonly WrittenComment[] {
  const scanner = createScanner(text, false);
  const comments: WrittenComment[] = [];
  let end = -1;
  // The scanner stays where it is once it is at the end.
  for (scanner.scan(); scanner.getPosition() > end; scanner.scan()) {
    end = scanner.getPosition();
    const offset = scanner.getTokenOffset();
    if (text.startsWith('//', offset)) comments.push({ source: text.slice(offset, end), offset });
  }
  return comments;
}
