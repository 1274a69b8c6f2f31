const UNITS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads an age such as `12h`, `1d`, `4w`, in milliseconds; `0h` is no age at all. Throws `RangeError` for anything else. */
export function parseRetentionAge(text: string): number {
  const [, amount, unit] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  if (unit === 'h' || unit === 'd' || unit === 'w') return Number(amount) * UNITS[unit];
  throw new RangeError(`expected an age such as 12h, 1d, 4w; got ${JSON.stringify(text)}`);
}
