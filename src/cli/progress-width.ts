import { stripVTControlCharacters } from 'node:util';

// Marks that combine with what stands before them, joiners and variation selectors take no column.
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
// East Asian wide and fullwidth characters and emoji take two (https://www.unicode.org/reports/tr11/).
const WIDE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{3000}-\u{303E}\u{FF01}-\u{FF60}\u{FFE0}-\u{FFE6}]/u;

/** How many columns of a terminal a text fills, rather too many than too few. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += columnsOf(character);
  return width;
}

/** Cuts a text without escape sequences to `columns`, with `…` at the end where something was cut. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 1;
  let cut = '';
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns) break;
    cut += character;
  }
  return columns > 0 ? `${cut}…` : '';
}

function columnsOf(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
