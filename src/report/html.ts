const markup = Symbol('markup');

/** HTML that is safe to put into a page as it stands: only this file makes it, since nothing else has the symbol. */
export interface Html {
  readonly [markup]: string;
}

/**
 * What {@link html} takes: text and numbers are escaped, markup and lists of it stand as they are, absent is
 * nothing.
 */
export type HtmlValue = string | number | Html | readonly Html[] | undefined;

/**
 * Writes HTML from a template in which every text is escaped, so that it means itself in content and in quoted
 * attributes.
 */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return {
    [markup]: literals.reduce((before, literal, index) => before + written(values[index - 1]) + literal),
  };
}

/** Text of the project's own source as markup, such as a style sheet. Never for anything that came from outside. */
export function trusted(literals: TemplateStringsArray): Html {
  return { [markup]: literals.join('') };
}

/** The characters of some markup. */
export function htmlText(value: Html): string {
  return value[markup];
}

function written(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return isList(value) ? value.map(htmlText).join('') : htmlText(value);
}

function isList(value: Html | readonly Html[]): value is readonly Html[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Control characters become U+FFFD: HTML allows none but white space, not even as references. So do those that turn
 * the direction of text, since they could make a reader see other names and code than there are
 * (https://www.unicode.org/reports/tr55/).
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[^\P{Cc}\t\n\r]|[\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}
