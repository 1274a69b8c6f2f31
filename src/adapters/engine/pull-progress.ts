import { bytesText } from '../../kernel/amounts.ts';
import type { ProgressLine } from './progress-lines.ts';

interface LayerProgress {
  readonly current: number;
  readonly total: number;
}

const FETCHED: ReadonlySet<string> = new Set([
  'Download complete',
  'Verifying Checksum',
  'Extracting',
  'Pull complete',
]);

/**
 * Follows the layers of one pull; each call takes a line and returns how far it is: `45 MB of 141 MB`, counted over the
 * layers that the engine fetches, or an empty text before any size is known. Sizes are of compressed layers.
 */
export function createPullProgress(): (line: ProgressLine) => string {
  const layers = new Map<string, LayerProgress>();
  return (line) => {
    const layer = progressOf(line, layers.get(line.id ?? ''));
    if (layer !== undefined && line.id !== undefined) layers.set(line.id, layer);
    const current = sum([...layers.values()].map((each) => each.current));
    const total = sum([...layers.values()].map((each) => each.total));
    return total === 0 ? '' : `${bytesText(current)} of ${bytesText(total)}`;
  };
}

function progressOf(line: ProgressLine, before: LayerProgress | undefined): LayerProgress | undefined {
  const { current = 0, total = 0 } = line.progressDetail ?? {};
  if (line.status === 'Downloading' && total > 0) return { current, total };
  if (FETCHED.has(line.status ?? '') && before !== undefined) return { ...before, current: before.total };
  return undefined;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
