import { html, htmlText, type Html } from './html.ts';
import type { Outcome } from './outcome.ts';
import { imageSection, layerSection } from './page-image.ts';
import { failureSection, resultSection, warningSection } from './page-result.ts';
import { stageSection, stepSection } from './page-run.ts';
import { pageStyle } from './page-style.ts';

/**
 * Renders an outcome as one HTML file that needs nothing else: no script, no request (its content security policy
 * forbids both), every text escaped. Equal outcomes give equal pages.
 */
export function reportPage(outcome: Outcome): string {
  const sections: readonly Html[] = [
    resultSection(outcome),
    failureSection(outcome),
    imageSection(outcome),
    warningSection(outcome),
    stepSection(outcome),
    layerSection(outcome),
    stageSection(outcome),
  ];
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
        <title>${titleOf(outcome)}</title>
        <style>
          ${pageStyle}
        </style>
      </head>
      <body>
        <main>${sections}</main>
      </body>
    </html> `;
  return `${htmlText(page).trim()}\n`;
}

function titleOf({ result, repository, commit }: Outcome): string {
  return `${result === 'warm' ? 'Warm' : 'Not warm'}: ${repository} at ${commit.slice(0, 12)}`;
}
