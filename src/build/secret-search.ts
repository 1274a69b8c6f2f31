import { base64Cores, textForms } from '../kernel/secret-forms.ts';

/** Values of fewer bytes are not searched for: they would be found where they are not meant. */
export const SHORTEST_SEARCHED = 8;

/** Characters of base64 that nobody else has by chance; lines have twice as many at least. */
const WRAPPED_PIECE = 20;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END /s;
const FULL_PEM_LINE = /[A-Za-z0-9+/]{48,}/g;

/** What gives a secret away, as bytes, with the secret's name. */
export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A search through one stream. */
export interface SecretSearch {
  /** Takes the next bytes in; they may be reused afterwards. */
  add(piece: Uint8Array): void;
  /** Names of the secrets that were found so far. */
  readonly found: ReadonlySet<string>;
}

/**
 * The forms in which a secret is searched for: as it is (without white space at its ends, with either kind of line
 * end; of a private key in PEM a line suffices, since files indent keys), as texts quote and encode it, and in base64
 * wherever in an encoded text it stands, also broken into lines where it has 30 bytes or more. A copy that is compressed
 * or encrypted is not found.
 */
export function needlesOf(secrets: Readonly<Record<string, string>>): readonly Needle[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    const text = value.trim();
    if (Buffer.byteLength(text) < SHORTEST_SEARCHED) return [];
    const unix = text.replaceAll('\r\n', '\n');
    const texts = [text, unix, unix.replaceAll('\n', '\r\n')].flatMap(textForms);
    const cores = base64Cores(Buffer.from(text)).flatMap(unbroken);
    const forms = new Set([...texts, ...cores, ...keyLine(text)]);
    return [...forms].map((form) => ({ name, bytes: Buffer.from(form) }));
  });
}

/** What is whole of a text wherever it is broken into lines: one of two neighbours in its middle, where keys differ. */
function unbroken(core: string): readonly string[] {
  const start = Math.floor(core.length / 2) - WRAPPED_PIECE;
  if (start < 0) return [core];
  return [start, start + WRAPPED_PIECE].map((at) => core.slice(at, at + WRAPPED_PIECE));
}

/** A line in the middle of a private key in PEM (RFC 7468), where its secret parts are; in JSON its line ends are `\n`. */
function keyLine(text: string): readonly string[] {
  const [, key = ''] = PRIVATE_KEY.exec(text) ?? [];
  const lines = key.replaceAll(String.raw`\n`, '\n').match(FULL_PEM_LINE) ?? [];
  return lines.slice(lines.length / 2).slice(0, 1);
}

/** Starts a search for needles through one stream, across the borders of its pieces; memory is that of a few needles. */
export function searchFor(needles: readonly Needle[]): SecretSearch {
  const found = new Set<string>();
  const overlap = Math.max(0, ...needles.map(({ bytes }) => bytes.length)) - 1;
  let wanted = needles;
  let tail: Buffer = Buffer.alloc(0);
  const look = (bytes: Buffer): void => {
    for (const needle of wanted) {
      if (found.has(needle.name) || !bytes.includes(needle.bytes)) continue;
      found.add(needle.name);
      wanted = wanted.filter(({ name }) => name !== needle.name);
    }
  };
  return {
    found,
    add(piece) {
      if (wanted.length === 0) return;
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      if (tail.length > 0) look(Buffer.concat([tail, bytes.subarray(0, overlap)]));
      look(bytes);
      const end = Buffer.concat([tail, bytes.subarray(-overlap)]);
      tail = end.subarray(Math.max(end.length - overlap, 0));
    },
  };
}
