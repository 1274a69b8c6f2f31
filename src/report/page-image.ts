import { bytesText } from '../kernel/amounts.ts';
import { html, type Html } from './html.ts';
import type { Outcome } from './outcome.ts';
import { reuseOf } from './reuse.ts';

/** The image's name and digest, and how to start a workspace from it. */
export function imageSection({ result, image, digest, baseImage, commit }: Outcome): Html {
  if (result !== 'warm' || image === undefined) return html``;
  return html`<section>
    <h2>Start a workspace</h2>
    <pre>preheat start ${commit.slice(0, 12)}</pre>
    ${engineCommand(image)}
    <table>
      <tr>
        <th scope="row">Image</th>
        <td><code>${image}</code></td>
      </tr>
      ${
        digest === undefined
          ? undefined
          : html`<tr>
              <th scope="row">Digest</th>
              <td><code>${digest}</code></td>
            </tr>`
      }
      ${
        baseImage === undefined
          ? undefined
          : html`<tr>
              <th scope="row">Base image</th>
              <td><code>${baseImage.reference}</code><br /><code class="quiet">${baseImage.digest}</code></td>
            </tr>`
      }
    </table>
  </section> `;
}

/** Any engine runs a published image; one in an OCI layout on disk has no name that an engine could pull. */
function engineCommand(image: string): Html | undefined {
  if (image.startsWith('oci:')) return undefined;
  return html`<p>or, without preheat:</p>
    <pre>docker run -it --rm ${image}</pre>`;
}

/** The layers, bottom to top, with their sizes and whether they were there already. */
export function layerSection(outcome: Outcome): Html {
  const { layers, uploaded } = outcome;
  if (layers.length === 0) return html``;
  const { reusedLayers, layerBytes, reusedLayerBytes } = reuseOf(outcome);
  return html`<section>
    <h2>Layers</h2>
    <p>
      ${reusedLayers} of ${layers.length} reused (${bytesText(reusedLayerBytes)} of ${bytesText(layerBytes)});
      ${uploaded.blobs} blobs with ${bytesText(uploaded.bytes)} uploaded.
    </p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Digest</th>
            <th scope="col" class="number">Size</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          ${layers.map(layerRow)}
        </tbody>
      </table>
    </div>
  </section> `;
}

function layerRow({ role, digest, size, reused }: Outcome['layers'][number]): Html {
  const state = reused ? html`<td class="reused">↺ reused</td>` : html`<td>made</td>`;
  return html`<tr>
    <td>${role}</td>
    <td><code>${digest}</code></td>
    <td class="number">${bytesText(size)}</td>
    ${state}
  </tr> `;
}
