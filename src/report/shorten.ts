/**
 * Cuts `text` to at most `longest` UTF-16 code units, the last of them `…` where something was cut. Surrogate pairs
 * stay whole, and white space (line ends included) becomes single spaces: for fields that hold one line.
 */
export function shorten(text: string, longest: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= longest) return line;
  const cut = line.slice(0, Math.max(longest - 1, 0));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`.slice(0, longest);
}
