/** `22:59`, which YAML 1.1 counts in sixties. */
const SEXAGESIMAL = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$|^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/;
const BINARY = /^[-+]?0b[01_]*[01]$/;
const UNDERSCORED =
  /^[-+]?(?:0x[\da-fA-F_]*[\da-fA-F]|[1-9][\d_]*\d|(?:0|[1-9][\d_]*)\.[\d_]*(?:[eE][-+]?\d+)?)$/;

/**
 * The number that YAML 1.1 (js-yaml 3, as Gitpod had it) takes a plain scalar for where YAML 1.2 takes it for text;
 * `undefined` for all others.
 */
export function elderNumber(source: string): number | undefined {
  const plain = source.replace(/^[-+]/, '').replaceAll('_', '');
  const sign = source.startsWith('-') ? -1 : 1;
  if (SEXAGESIMAL.test(source))
    return sign * plain.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  if (BINARY.test(source)) return sign * parseInt(plain.slice(2), 2);
  return source.includes('_') && UNDERSCORED.test(source) ? sign * Number(plain) : undefined;
}
