import { durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { PastRun } from '../../oci/past-run.ts';
import { plainName, shortId } from './words.ts';

/** In per cent: a few runs make no broad bars. */
const WIDEST_SLOT = 8;

/** Whether a record stood in for every step of a run that there was. */
export function isHit({ steps }: PastRun): boolean {
  return steps.length > 0 && steps.every(({ outcome }) => outcome === 'reused');
}

/** How a run is drawn. */
export function kindOf(run: PastRun): 'hit' | 'miss' | 'failed' {
  if (isHit(run)) return 'hit';
  return run.steps.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'miss';
}

/**
 * Draws how long runs took as bars, `runs` from the oldest to the newest. In per cent of its box, so that patterns and
 * lines stay what they are on a phone; what it shows is told in words too.
 */
export function durationChart(runs: readonly PastRun[]): Html {
  const longest = runs.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  const slot = Math.min(100 / Math.max(runs.length, 1), WIDEST_SLOT);
  return html`<div class="chart">
    <p class="scale" aria-hidden="true"><span>${durationText(longest)}</span><span>0</span></p>
    <svg role="img" aria-label="${alternative(runs, longest)}" width="100%" height="100%">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" class="hatch-ground" />
          <rect width="3" height="6" class="hatch-line" />
        </pattern>
        <pattern id="bars" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" class="bars-ground" />
          <rect width="3" height="5" class="bars-line" />
        </pattern>
      </defs>
      <line x1="0" y1="0.5" x2="100%" y2="0.5" class="rule" />
      <line x1="0" y1="50%" x2="100%" y2="50%" class="rule" />
      ${runs.map((run, index) => barOf(run, { x: 100 - (runs.length - index) * slot, slot, longest }))}
    </svg>
    <p class="ends" aria-hidden="true"><span>older</span><span>this run</span></p>
  </div> `;
}

interface Place {
  /** Where its slot begins. */
  readonly x: number;
  readonly slot: number;
  readonly longest: number;
}

function barOf(run: PastRun, { x, slot, longest }: Place): Html {
  const height = longest === 0 ? 2 : Math.max(2, (100 * run.durationMs) / longest);
  const title = `${shortId(run.commit)} on ${plainName(run.ref)}: ${durationText(run.durationMs)}`;
  const width = round(slot * 0.7);
  return html`<rect
    class="run-${kindOf(run)}"
    x="${round(x + slot * 0.15)}%"
    y="${round(100 - height)}%"
    width="${width}%"
    height="${round(height)}%"
  >
    <title>${title}</title>
  </rect> `;
}

function alternative(runs: readonly PastRun[], longest: number): string {
  const hits = runs.filter(isHit).length;
  const last = runs.at(-1)?.durationMs ?? 0;
  return `How long the last ${runs.length} runs took, the oldest first: at most ${durationText(longest)}, this one ${durationText(last)}. ${hits} of them reused every step.`;
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
