/**
 * Control characters (tabs apart), and the bidirectional controls by which a text can lie about its order
 * (CVE-2021-42574).
 */
const UNPRINTABLE =
  /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/** The text with every character replaced on which a terminal would act; its length stays the same. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\uFFFD');
}

/** A text from outside in quotes, cut to 60 characters, fit for a message. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `"${printable(short.replaceAll('\n', '⏎'))}"`;
}
