const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size for people, in decimal units as registries bill them: `97.4 MB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(amount < 10 ? 1 : 0)} ${UNITS[power] ?? 'B'}`;
}

/** A duration for people: `0.4 s`, `12 s`, `3 min 05 s`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Bytes in megabytes as Bitbucket Pipelines and the kernel count memory (MiB), rounded up. */
export function mebibytesOf(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}

const AGES = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long ago a time (RFC 3339) was, for people: `3 d old`, `5 min old`, `just now`; a future one is a matter of clocks. */
export function ageText(time: string, now: Date): string {
  const age = now.getTime() - Date.parse(time);
  const unit = AGES.find(([, milliseconds]) => age >= milliseconds);
  return unit === undefined ? 'just now' : `${Math.floor(age / unit[1])} ${unit[0]} old`;
}
