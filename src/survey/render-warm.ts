import { ageText, bytesText } from '../kernel/amounts.ts';
import type { WarmImage, WarmList } from './warm-list.ts';

const TITLES: Readonly<Record<WarmImage['kind'], string>> = {
  branch: 'branches',
  'pull-request': 'pull requests',
  commit: 'newest commits',
};

/** What is warm, as lines for people. */
export function renderWarm({ location, images, commits, records }: WarmList, now: Date): readonly string[] {
  if (images.length === 0) return [`nothing is warm in ${location}`];
  const kinds = ['branch', 'pull-request', 'commit'] as const;
  const sections = kinds.flatMap((kind) => {
    const rows = images.filter((image) => image.kind === kind).map((image) => rowOf(image, now));
    return rows.length === 0 ? [] : [TITLES[kind], ...aligned(rows), ''];
  });
  return [...sections, `${commits} warm commits and ${records} records of steps in ${location}`];
}

function rowOf(image: WarmImage, now: Date): readonly string[] {
  const { name, commit, platform, bytes, layers, committedAt } = image;
  return [
    name,
    commit?.slice(0, 12) ?? '',
    committedAt === undefined ? 'age unknown' : ageText(committedAt, now),
    `${bytesText(bytes)} in ${layers} layers`,
    platform ?? '',
  ];
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}
