import { html, type Html } from '../html.ts';

/** The link past the head of the page for those who read it by keyboard, and whose page it is. */
export function masthead(): Html {
  return html`<a class="skip" href="#main">Skip to the result</a>
    <header class="masthead">
      <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <rect x="2" y="16" width="20" height="5" rx="2" class="logo-cold" />
        <rect x="2" y="9.5" width="20" height="5" rx="2" class="logo-warm" />
        <rect x="2" y="3" width="20" height="5" rx="2" class="logo-hot" />
      </svg>
      <p class="brand">preheat</p>
      <p class="quiet">workspace image report</p>
    </header> `;
}
