/** A column of a table in Markdown. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table in Markdown; a `|` in a cell stays one. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const rules = columns.map(({ align }) => (align === 'left' ? '---' : '---:'));
  const lines = [columns.map(({ title }) => title), rules, ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
