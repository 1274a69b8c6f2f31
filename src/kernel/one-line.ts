const LONGEST = 300;

/** What somebody else says, as one line of at most 300 characters, without a full stop at its end as messages have none. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= LONGEST ? line.replace(/\.$/, '') : `${line.slice(0, LONGEST - 1)}…`;
}
