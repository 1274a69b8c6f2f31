import { bytesText, durationText } from '../../kernel/amounts.ts';
import { elapsedMs } from '../elapsed.ts';
import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { reuseOf } from '../reuse.ts';
import { savedInAll } from '../saved.ts';
import { counted } from './words.ts';

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** The run in a handful of numbers; what is not known is left out. */
export function figuresOf(outcome: Outcome): Html | undefined {
  const figures = [...timeFigure(outcome), ...cacheFigures(outcome), ...sizeFigures(outcome)];
  if (figures.length === 0) return undefined;
  return html`<section class="figures" aria-label="Key figures">
    <dl>
      ${figures.map(
        ({ label, value, note }) =>
          html`<div>
            <dt>${label}</dt>
            <dd><strong>${value}</strong> <span class="quiet">${note}</span></dd>
          </div> `,
      )}
    </dl>
  </section> `;
}

/** A run whose times cannot be read took no time that could be told. */
function timeFigure(outcome: Outcome): readonly Figure[] {
  const elapsed = elapsedMs(outcome);
  if (elapsed === 0) return [];
  const value = durationText(elapsed);
  return outcome.result === 'warm'
    ? [{ label: 'Time to ready', value, note: 'from the start of the run' }]
    : [{ label: 'Time spent', value, note: 'until the run ended' }];
}

function cacheFigures(outcome: Outcome): readonly Figure[] {
  const { steps, reusedSteps } = reuseOf(outcome);
  if (steps === 0) return [];
  const saved = savedInAll(outcome.steps);
  return [
    {
      label: 'Hits',
      value: `${reusedSteps} of ${steps}`,
      note: `${steps === 1 ? 'step' : 'steps'} reused`,
    },
    {
      label: 'Time saved',
      value: saved.ms === 0 ? 'none' : durationText(saved.ms),
      note: saved.bytes === 0 ? 'by what was reused' : `and ${bytesText(saved.bytes)} not made again`,
    },
  ];
}

function sizeFigures(outcome: Outcome): readonly Figure[] {
  const { layers, uploaded } = outcome;
  const { layerBytes } = reuseOf(outcome);
  const sent: Figure = {
    label: 'Uploaded',
    value: uploaded.blobs === 0 ? 'nothing' : bytesText(uploaded.bytes),
    note: uploaded.blobs === 0 ? 'the registry has it all' : `in ${counted(uploaded.blobs, 'blob')}`,
  };
  if (layers.length === 0) return uploaded.blobs === 0 ? [] : [sent];
  return [
    sent,
    { label: 'Image size', value: bytesText(layerBytes), note: `in ${counted(layers.length, 'layer')}` },
  ];
}
