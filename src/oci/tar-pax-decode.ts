const SPACE = 0x20;
const EQUALS = 0x3d;
const LINE_FEED = 0x0a;

/**
 * Decodes pax records (POSIX.1-2017, "pax Extended Header"): keyword → value, both raw bytes as latin1 text; a later
 * record of the same keyword wins. Values may hold any byte, since each record tells its own length. Throws
 * `RangeError` for what is none.
 */
export function decodePax(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(SPACE, at);
    const digits = space < 0 ? '' : bytes.toString('latin1', at, space);
    const end = at + Number(digits);
    const equals = bytes.indexOf(EQUALS, space);
    const isWhole =
      /^\d{1,12}$/.test(digits) && equals > space && equals < end && bytes[end - 1] === LINE_FEED;
    if (!isWhole) throw new RangeError('a pax record is damaged');
    records.set(bytes.toString('latin1', space + 1, equals), bytes.toString('latin1', equals + 1, end - 1));
    at = end;
  }
  return records;
}
