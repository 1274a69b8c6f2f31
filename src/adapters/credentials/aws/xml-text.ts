const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The text of the first element `name` that holds text alone, as in the flat answers of AWS's query APIs; `undefined`
 * where there is none. Attributes, comments and CDATA are not understood: those answers have none.
 */
export function xmlText(xml: string, name: string): string | undefined {
  const opening = `<${name}>`;
  const start = xml.indexOf(opening);
  if (start < 0) return undefined;
  const end = xml.indexOf('<', start + opening.length);
  if (end < 0 || !xml.startsWith(`</${name}>`, end)) return undefined;
  return xml
    .slice(start + opening.length, end)
    .replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, entity) =>
      decoded(whole, hex, decimal, entity),
    );
}

function decoded(whole: string, hex?: string, decimal?: string, entity?: string): string {
  if (entity !== undefined) return ENTITIES[entity] ?? whole;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
