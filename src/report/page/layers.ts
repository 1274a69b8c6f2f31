import { bytesText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { bounded, moreLine } from './bounded.ts';
import { legendOf } from './legend.ts';
import type { Section } from './section.ts';
import { bytesOf, widthOf, slabsOf, type Slab } from './stack.ts';
import { codeOf, counted, nameOf } from './words.ts';

const MOST_SLABS = 60;
const MOST_DIGESTS = 100;

const ROLES: Readonly<Record<string, string>> = {
  base: 'the base image, untouched',
  task: 'what the tasks wrote',
  runtime: 'what starts the workspace',
  source: 'a checkout with its .git',
  delta: 'what changed since that checkout',
  patch: 'what tasks changed in the checkout',
};

/** The image as a stack, with what each layer weighs and who has it already. */
export function layerSection(outcome: Outcome): Section | undefined {
  const { layers, price } = outcome;
  if (layers.length === 0) return undefined;
  const slabs = slabsOf(layers);
  const { shown, more } = bounded(slabs.toReversed(), MOST_SLABS);
  const largest = slabs.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  return {
    id: 'layers',
    title: 'What the image is made of',
    short: 'Layers',
    body: html`<p class="lead">${summary(outcome)}</p>
      <div class="panel">
        <ol class="stack" role="list" aria-label="Layers, the top one first">
          ${shown.map((slab) => row(slab, largest, price?.branch))}
        </ol>
        ${moreLine(more, 'slabs below')}
        <div class="under">
          ${legendOf([
            { kind: 'new', text: 'new: made by this run' },
            { kind: 'reused', text: 'reused: was in the registry' },
          ])}
          <p class="quiet">Widths are logarithmic: each tenfold of bytes adds the same.</p>
        </div>
        ${digests(layers)}
      </div>`,
  };
}

function summary({ layers, price }: Outcome): Html {
  const made = layers.filter(({ reused }) => !reused);
  const all = html`${counted(layers.length, 'layer')}, ${bytesText(bytesOf(layers))}. This run made
  ${made.length === 0 ? 'none of them' : `${made.length} of them, with ${bytesText(bytesOf(made))}`}; the
  registry had the others.`;
  const isCompared = layers.some(({ shared }) => shared !== undefined);
  if (price === undefined || !isCompared) return all;
  const lacking = layers.filter(({ shared }) => shared !== true);
  const what =
    lacking.length === 0 ? 'all of them' : `all but ${lacking.length}, with ${bytesText(bytesOf(lacking))}`;
  return html`${all} Whoever has the image of ${nameOf(price.branch)} has ${what}.`;
}

function row(slab: Slab, largest: number, branch: string | undefined): Html {
  const { role, layers, bytes, reused } = slab;
  const drawing = `width:${widthOf(bytes, largest)}%;--layers:${Math.min(layers.length, 12)}`;
  return html`<li class="slab">
    <span class="block-column" aria-hidden="true"
      ><span class="block fill-${reused ? 'reused' : 'new'}" style="${drawing}"></span
    ></span>
    <div class="slab-text">
      <p class="slab-head">
        <strong>${nameOf(role)}</strong>
        <span class="quiet slab-about">${aboutOf(slab)}</span>
        <span class="slab-size">${bytesText(bytes)}</span>
      </p>
      <p class="chips">${holders(slab, branch)}</p>
    </div>
  </li> `;
}

function aboutOf({ role, layers }: Slab): string {
  const about = Object.hasOwn(ROLES, role) ? ROLES[role] : undefined;
  const parts = [about, layers.length > 1 ? counted(layers.length, 'layer') : undefined];
  return parts.filter((part) => part !== undefined).join(', ');
}

function holders({ reused, shared }: Slab, branch: string | undefined): Html {
  const made = reused
    ? html`<span class="chip reused">↺ reused</span>`
    : html`<span class="chip new">✚ new</span>`;
  if (shared === undefined || branch === undefined) return made;
  const other = shared
    ? html`<span class="chip has">✔ in the image of ${nameOf(branch)}</span>`
    : html`<span class="chip pull">⇣ not in the image of ${nameOf(branch)}</span>`;
  return html`${made} ${other}`;
}

function digests(layers: Outcome['layers']): Html {
  const { shown, more } = bounded(layers.toReversed(), MOST_DIGESTS);
  return html`<details>
    <summary>Digests of all layers</summary>
    <ol class="digests" aria-label="Digests, the top layer first">
      ${shown.map(
        ({ role, digest, size }) =>
          html`<li>${nameOf(role)} <span class="amount">${bytesText(size)}</span> ${codeOf(digest)}</li>`,
      )}
    </ol>
    ${moreLine(more, 'digests')}
  </details> `;
}
