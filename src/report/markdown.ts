/** Text that means itself in a line or table cell of Bitbucket's Markdown: white space becomes single spaces. */
export function markdownText(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]()#+!|<>~&]/g, String.raw`\$&`);
}

/** Text in a code span, also in a table cell. */
export function markdownCode(text: string): string {
  const line = oneLine(text).replaceAll('|', '\u00A6');
  if (line === '') return '';
  const fence = fenceFor(line, 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines in a code block of their own. */
export function markdownBlock(lines: readonly string[]): string {
  const text = lines.join('\n');
  const fence = fenceFor(text, 3);
  return `${fence}\n${text}\n${fence}`;
}

/** A table with a heading; cells are Markdown already. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A fence must be longer than any run of backticks within (CommonMark, 4.5 and 6.1). */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
