import { html, type Html } from '../html.ts';

/** A colour of the page, in light and in dark. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** The colours of the page by their names in its style sheet. A test holds what is read against what it lies on. */
export const palette = {
  ground: { light: '#f7f3ee', dark: '#13100d' },
  panel: { light: '#ffffff', dark: '#1e1a16' },
  sunk: { light: '#f3eee7', dark: '#16130f' },
  line: { light: '#dfd6cb', dark: '#3a332b' },
  text: { light: '#201a15', dark: '#f4ede5' },
  quiet: { light: '#655a50', dark: '#b5a99c' },
  ember: { light: '#a83c06', dark: '#ffa469' },
  'ember-fill': { light: '#d9560c', dark: '#f0803c' },
  glow: { light: '#ffe6d3', dark: '#3d2412' },
  good: { light: '#09644a', dark: '#66d4ae' },
  'good-fill': { light: '#0d8565', dark: '#3aa983' },
  'good-tint': { light: '#d9f0e7', dark: '#16352a' },
  bad: { light: '#a51d1d', dark: '#ff968c' },
  'bad-fill': { light: '#cc3030', dark: '#e8655c' },
  'bad-tint': { light: '#fde4e1', dark: '#3f1c19' },
  warn: { light: '#775000', dark: '#f2c06a' },
  'warn-tint': { light: '#fbecc8', dark: '#372a0f' },
  info: { light: '#1c57a0', dark: '#94bff8' },
  'info-tint': { light: '#e0ebf9', dark: '#18283d' },
} as const satisfies Readonly<Record<string, Colour>>;

/** The rules that give the colours to the rest of the style sheet: light on paper, else by the reader's setting. */
export function paletteStyle(): Html {
  return html`:root { color-scheme: light dark; ${declarations('light')} } @media screen and
  (prefers-color-scheme: dark) { :root { ${declarations('dark')} } } @media print { :root { color-scheme:
  light; } }`;
}

function declarations(scheme: keyof Colour): readonly Html[] {
  return Object.entries(palette).map(([name, colour]) => html`--${name}: ${colour[scheme]}; `);
}
