const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;
const STEP = 1024;
const DIGITS_FROM = 10;

/** Seconds for people: `0.8 s`. */
export function secondsText(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

/** Bytes for people, in binary units: `0 B`, `2.5 KiB`, `144 MiB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / Math.log2(STEP)), UNITS.length - 1);
  const value = bytes / STEP ** power;
  return `${value.toFixed(power === 0 || value >= DIGITS_FROM ? 0 : 1)} ${UNITS[power]}`;
}
