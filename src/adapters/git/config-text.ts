/** A section of a git configuration file, such as `[remote "origin"]`. */
export interface ConfigSection {
  readonly name: string;
  readonly subsection?: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Writes a configuration file as git reads it (https://git-scm.com/docs/git-config#_syntax), in the order given.
 * Throws `RangeError` for line breaks or NUL in a subsection, which the format can't hold.
 */
export function configText(sections: readonly ConfigSection[]): string {
  return sections.map(sectionText).join('');
}

function sectionText({ name, subsection, values }: ConfigSection): string {
  const lines = Object.entries(values).map(([key, value]) => `\t${key} = ${quoted(value)}\n`);
  return `[${name}${subsection === undefined ? '' : ` ${subsectionText(subsection)}`}]\n${lines.join('')}`;
}

function subsectionText(subsection: string): string {
  if (/[\n\0]/.test(subsection))
    throw new RangeError(`not a name for a section: ${JSON.stringify(subsection)}`);
  return `"${subsection.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Quotes a value where leaving it bare would change it: comments, edges of white space, escapes. */
function quoted(value: string): string {
  if (value.includes('\0')) throw new RangeError(`not a value: ${JSON.stringify(value)}`);
  const escaped = value
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`);
  return escaped === value && !/[#;]|^\s|\s$|\r/.test(value) ? value : `"${escaped}"`;
}
