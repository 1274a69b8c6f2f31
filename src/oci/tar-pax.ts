/** A pax extended header record (POSIX.1-2017, "pax Extended Header"); the value is raw bytes as latin1 text. */
export type PaxRecord = readonly [keyword: string, value: string];

/** Encodes pax records, each as `<length> <keyword>=<value>\n`; the length counts its own digits too. */
export function encodePax(records: readonly PaxRecord[]): Uint8Array {
  return Buffer.from(records.map(encodeRecord).join(''), 'latin1');
}

function encodeRecord([keyword, value]: PaxRecord): string {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}
