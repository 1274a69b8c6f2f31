import { bytesText, durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { counted, nameOf } from './words.ts';

/** What it costs to open the image for those who have that of another branch. */
export function priceTag({ result, price, layers }: Outcome): Html | undefined {
  if (result !== 'warm' || price === undefined) return undefined;
  const { branch, layers: lacking, bytes, seconds } = price;
  const of = layers.length === 0 ? '' : ` of ${layers.length}`;
  return html`<aside class="price" aria-label="What it costs to open it">
    <p class="price-from">To open it from the image of <strong>${nameOf(branch)}</strong></p>
    <p class="price-bytes">${lacking === 0 ? 'nothing' : bytesText(bytes)}</p>
    <p class="price-note">
      ${lacking === 0 ? 'to pull' : html`to pull, ${counted(lacking, 'layer')}${of}`}<br />
      about <strong>${durationText(1_000 * seconds)}</strong>
    </p>
  </aside> `;
}
