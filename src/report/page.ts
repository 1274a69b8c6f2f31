import { html, htmlText, type Html } from './html.ts';
import type { Outcome } from './outcome.ts';
import { failureSection } from './page/failure.ts';
import { figuresOf } from './page/figures.ts';
import { findingSection, warningSection } from './page/findings.ts';
import { historySection } from './page/history.ts';
import { layerSection } from './page/layers.ts';
import { ledgerSection } from './page/ledger-table.ts';
import { masthead } from './page/masthead.ts';
import { particularSection } from './page/particulars.ts';
import { contentsOf, sectionOf, type Section } from './page/section.ts';
import { stepSection } from './page/steps.ts';
import { pageStyle } from './page/style.ts';
import { titleOf, verdictOf } from './page/verdict.ts';
import { waterfallSection } from './page/waterfall.ts';

/**
 * Renders an outcome as one HTML file that needs nothing else: no script, no request (its content security policy
 * forbids both), every text escaped. Equal outcomes give equal pages. Lists and texts are bounded, so that a page can
 * be read whatever it is made of.
 */
export function reportPage(outcome: Outcome): string {
  const failure = failureSection(outcome);
  const sections = sectionsOf(outcome);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
        />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${titleOf(outcome)}</title>
        <style>
          ${pageStyle()}
        </style>
      </head>
      <body>
        ${masthead()}
        <main id="main" tabindex="-1">
          ${verdictOf(outcome)} ${failure && sectionOf(failure)} ${figuresOf(outcome)} ${contentsOf(sections)}
          ${sections.map(sectionOf)}
        </main>
        ${colophon()}
      </body>
    </html> `;
  return `${htmlText(page).trim()}\n`;
}

/** What stopped the run, how it went, then what was before it. */
function sectionsOf(outcome: Outcome): readonly Section[] {
  const findings = findingSection(outcome);
  const areFatal = outcome.findings?.some(({ severity }) => severity === 'error') ?? false;
  return [
    areFatal ? findings : undefined,
    stepSection(outcome),
    waterfallSection(outcome),
    layerSection(outcome),
    areFatal ? undefined : findings,
    warningSection(outcome),
    historySection(outcome),
    ledgerSection(outcome),
    particularSection(outcome),
  ].filter((section) => section !== undefined);
}

function colophon(): Html {
  return html`<footer>
    <p class="quiet">
      Made by preheat from the <code>outcome.json</code> of this run. This page runs no script and asks
      nothing of any server.
    </p>
  </footer> `;
}
