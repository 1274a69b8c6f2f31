import { bytesText } from '../kernel/amounts.ts';
import type { PruneResult } from './prune-result.ts';

type Kind = PruneResult['going'][number]['kind'];

const NAMES: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  image: ['image', 'images'],
  report: ['report', 'reports'],
  referrers: ['list of referrers', 'lists of referrers'],
  hint: ['hint', 'hints'],
  record: ['record', 'records'],
  keyframe: ['keyframe', 'keyframes'],
  base: ['base', 'bases'],
  pins: ['pins', 'pins'],
  cache: ['download cache', 'download caches'],
  foreign: ['tag of others', 'tags of others'],
};
const MOST_TAGS = 10;

/** What goes or would go and why, as lines for people. */
export function renderPrune(result: PruneResult): readonly string[] {
  const { location, going, applied, freedBytes, sweptBytes } = result;
  if (going.length === 0)
    return [
      `nothing to delete in ${location}`,
      ...(sweptBytes === undefined || sweptBytes === 0 ? [] : [`${bytesText(sweptBytes)} freed`]),
      ...keptLines(result),
    ];
  const groups = Map.groupBy(going, ({ kind, why }) => `${kind} ${why}`);
  const freed = sweptBytes === undefined ? `up to ${bytesText(freedBytes)}` : bytesText(sweptBytes);
  return [
    `${applied ? 'deleted' : 'would delete'} from ${location}`,
    ...[...groups.values()].flatMap(groupLines),
    applied
      ? `${freed} ${sweptBytes === undefined ? 'for the registry to free' : 'freed'}`
      : `frees ${freed}`,
    ...keptLines(result),
    ...(applied ? [] : ['Nothing was deleted: --apply (APPLY) does it.']),
  ];
}

function groupLines(group: PruneResult['going']): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const tags = group.flatMap((one) => one.tags);
  const shown = tags.slice(0, MOST_TAGS);
  const left = tags.length - shown.length;
  return [
    `  ${counted(first.kind, group.length)}: ${first.why}`,
    ...shown.map((tag) => `    ${tag}`),
    ...(left > 0 ? [`    and ${left} more (--json has them all)`] : []),
  ];
}

function keptLines({ kept, unjudged }: PruneResult): readonly string[] {
  const kinds = Object.keys(NAMES).filter((kind): kind is Kind => kind in NAMES);
  const counts = kinds.flatMap((kind) => {
    const count = kept[kind] ?? 0;
    return count === 0 ? [] : [counted(kind, count)];
  });
  return [`keeps ${counts.length === 0 ? 'nothing' : counts.join(', ')}`, ...unjudgedLines(unjudged)];
}

function unjudgedLines({ length }: readonly string[]): readonly string[] {
  if (length === 0) return [];
  const [stay, they] = length === 1 ? ['1 tag stays', 'it is'] : [`${length} tags stay`, 'they are'];
  return [`${stay} since neither the clone nor a report tells how old ${they}`];
}

function counted(kind: Kind, count: number): string {
  const [one, many] = NAMES[kind];
  return `${count} ${count === 1 ? one : many}`;
}
