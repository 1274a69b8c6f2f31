import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A host that can never be: were an image's name lost, no registry would be asked in its place (RFC 2606). */
const HOST = 'preheat.invalid';

/** A name with its tag. */
const NAME = String.raw`${HOST.replace('.', String.raw`\.`)}/([0-9a-z]+):[\w-]+`;

/** A pattern of the Engine API's filter `reference` that finds every such name. */
export const LEFTOVER_PATTERN = `${HOST}/*`;

/** Puts `written` in place of every such name in a text. */
export function withoutLeftoverNames(text: string, written: string): string {
  return text.replaceAll(new RegExp(NAME, 'g'), written);
}

/**
 * A repository for the images of one run, which says by its name whose they are: labels would enter the images' configs
 * and make equal images differ.
 */
export function leftoverRepository(labels: Readonly<Record<string, string>>): string {
  const packed = deflateRawSync(JSON.stringify(labels), { level: 9, dictionary: DICTIONARY });
  return `${HOST}/${BigInt(`0x01${packed.toString('hex')}`).toString(36)}`;
}

/** The labels behind a name of ours with its tag; `undefined` for any other name. */
export function labelsOfLeftover(name: string): Readonly<Record<string, string>> | undefined {
  const [, digits] = new RegExp(`^${NAME}$`).exec(name) ?? [];
  if (digits === undefined) return undefined;
  let packed = 0n;
  for (const digit of digits) packed = packed * 36n + BigInt(Number.parseInt(digit, 36));
  try {
    const bytes = Buffer.from(packed.toString(16).slice(1), 'hex');
    const labels: unknown = JSON.parse(inflateRawSync(bytes, { dictionary: DICTIONARY }).toString('utf8'));
    return isLabels(labels) ? labels : undefined;
  } catch {
    return undefined;
  }
}

/** Names of images are 255 characters at most, which long host names would go beyond. */
const DICTIONARY = Buffer.from('{"dev.preheat.run":"","dev.preheat.owner":"","dev.preheat.deadline":""}');

function isLabels(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
