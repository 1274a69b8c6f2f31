import { shellQuote } from '../../kernel/shell-quote.ts';
import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';

/** How to open the image: each command is selected by one click. */
export function commandsOf({ result, image, commit }: Outcome): Html | undefined {
  const start = commit === '' ? undefined : `preheat start ${shellQuote(commit.slice(0, 12))}`;
  if (result !== 'warm') {
    if (start === undefined) return undefined;
    return html`<div class="commands">
      ${command('Meanwhile, the nearest image that is warm, if there is one', start)}
    </div> `;
  }
  return html`<div class="commands">
    ${start === undefined ? undefined : command('Open it, in a clone of the repository', start)}
    ${engineCommand(image)}
  </div> `;
}

/** Any engine runs a published image; one in an OCI layout on disk has no name that an engine could pull. */
function engineCommand(image: string | undefined): Html | undefined {
  if (image === undefined || image.startsWith('oci:')) return undefined;
  return command('Or with an engine alone', `docker run -it --rm ${shellQuote(image)}`);
}

function command(label: string, text: string): Html {
  return html`<figure class="command">
    <figcaption>${label}</figcaption>
    <pre dir="ltr"><code>${text}</code></pre>
  </figure> `;
}
