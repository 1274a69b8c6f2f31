import { CACHE_TOOLS, type CacheTool } from '../build/downloads/cache-tools.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Reads `none`, or names of tools such as `npm,pip`. Throws `RangeError` for anything else. */
export function parseDownloadCache(text: string): readonly CacheTool[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.join() === 'none') return [];
  if (names.length === 0) throw unknown(text);
  for (const name of names) if (!CACHE_TOOLS.some((tool) => tool.name === name)) throw unknown(name);
  return CACHE_TOOLS.filter(({ name }) => names.includes(name));
}

function unknown(name: string): RangeError {
  const known = CACHE_TOOLS.map((tool) => tool.name).join(', ');
  return new RangeError(`expected none, or some of ${known}; got ${JSON.stringify(name)}`);
}

/** Reads a number of bytes such as `500M` or `2G` (of 1024). Throws `RangeError` for anything else. */
export function parseByteLimit(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,11})([KMG]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const size = UNITS[unit.toUpperCase()];
  if (amount === undefined || size === undefined)
    throw new RangeError(`expected a size such as 500M or 2G; got ${JSON.stringify(text)}`);
  return Number(amount) * size;
}
