import type { Writable } from 'node:stream';
import { displayWidth } from './progress-width.ts';

/** A terminal: its size may be unknown, and changes. */
export type Terminal = Writable & { readonly columns?: number; readonly rows?: number };

/** The size of a terminal; one that does not know its own (a serial line, a fresh pty) says 0 or nothing. */
export function sizeOf({ columns, rows }: Terminal): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

/** The lines at the bottom of a terminal that are written over and over. */
export interface LiveRegion extends Disposable {
  /** Writes `above` for good, and `lines` below in place of those of the last call. Lines must fit the width. */
  draw(above: readonly string[], lines: readonly string[]): void;
}

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
// Terminals that know synchronized output show the frame at once; the others ignore the two sequences.
const BEGIN_FRAME = '\u001B[?2026h';
const END_FRAME = '\u001B[?2026l';
const CLEAR_TO_LINE_END = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

/**
 * Creates an empty region. A frame is one write that overwrites the last one in place, so that nothing flickers; the
 * cursor is hidden while there is something to draw, and shown again when there is nothing or the region is disposed.
 */
export function createLiveRegion(terminal: Terminal): LiveRegion {
  let drawn: readonly string[] = [];
  const draw = (above: readonly string[], lines: readonly string[]): void => {
    if (above.length + lines.length + drawn.length === 0) return;
    const rowsUp = rowsOf(drawn, sizeOf(terminal).columns);
    const home = rowsUp > 0 ? `\u001B[${rowsUp}A\r` : '';
    const body = [...above.flatMap((text) => text.split('\n')), ...lines]
      .map((line) => `${line}${CLEAR_TO_LINE_END}\n`)
      .join('');
    const cursor = cursorChange(drawn.length, lines.length);
    terminal.write(`${BEGIN_FRAME}${home}${body}${CLEAR_BELOW}${cursor}${END_FRAME}`);
    drawn = lines;
  };
  return { draw, [Symbol.dispose]: () => draw([], []) };
}

/** A terminal that was made narrower has wrapped the lines that it showed. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

function cursorChange(before: number, after: number): string {
  if (before === 0 && after > 0) return HIDE_CURSOR;
  return before > 0 && after === 0 ? SHOW_CURSOR : '';
}
