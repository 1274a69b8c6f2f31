import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { bounded, moreLine } from './bounded.ts';
import { frameOf } from './frame.ts';
import type { Section } from './section.ts';
import { codeOf, counted, nameOf, textOf } from './words.ts';

type Finding = NonNullable<Outcome['findings']>[number];
type Severity = Finding['severity'];

const MOST_FINDINGS = 200;
/** More than these stand behind a click. */
const OPEN_FINDINGS = 10;

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const WORDS: Readonly<Record<Severity, readonly [mark: string, one: string, many: string]>> = {
  error: ['✖', 'error', 'errors'],
  warning: ['▲', 'warning', 'warnings'],
  info: ['i', 'note', 'notes'],
};

/** What a reader of the configuration found, the gravest first, with the lines that it is about. */
export function findingSection({ findings = [], configuration }: Outcome): Section | undefined {
  if (findings.length === 0) return undefined;
  const ordered = SEVERITIES.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  const { shown, more } = bounded(ordered, MOST_FINDINGS);
  const folded = shown.slice(OPEN_FINDINGS);
  return {
    id: 'findings',
    title: 'Findings in the configuration',
    short: 'Findings',
    body: html`<p class="lead">
        ${countsOf(findings)}${configuration === undefined ? undefined : html` in ${codeOf(configuration)}`}.
      </p>
      <ul class="cards" role="list">
        ${shown.slice(0, OPEN_FINDINGS).map((finding) => card(finding, configuration))}
      </ul>
      ${
        folded.length === 0
          ? undefined
          : html`<details class="fold">
              <summary>${counted(folded.length, 'more finding')}</summary>
              <ul class="cards" role="list">
                ${folded.map((finding) => card(finding, configuration))}
              </ul>
            </details>`
      }
      ${moreLine(more, 'findings')}`,
  };
}

function countsOf(findings: readonly Finding[]): string {
  const counts = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    const [, one, many] = WORDS[severity];
    return count === 0 ? '' : counted(count, one, many);
  });
  return counts.filter((count) => count !== '').join(', ');
}

function card(finding: Finding, configuration: string | undefined): Html {
  const { severity, message, path, line, column, frame, suggestion } = finding;
  const [mark, word] = WORDS[severity];
  const file = configuration === undefined ? undefined : html`${nameOf(configuration)}:`;
  return html`<li class="panel finding ${severity}">
    <h3>
      <span class="chip ${severity}"><span aria-hidden="true">${mark}</span> ${word}</span>
      ${textOf(sentence(message))}
    </h3>
    <p class="quiet">
      <code>${file}${line}:${column}</code>${path === '' ? undefined : html` in ${codeOf(path)}`}
    </p>
    ${frameOf(frame)} ${suggestion === undefined ? undefined : html`<p>${textOf(sentence(suggestion))}</p>`}
  </li> `;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MOST_WARNINGS = 100;

/** What went less well than it should. */
export function warningSection({ warnings }: Outcome): Section | undefined {
  if (warnings.length === 0) return undefined;
  const { shown, more } = bounded(warnings, MOST_WARNINGS);
  return {
    id: 'warnings',
    title: 'Warnings of the run',
    short: 'Warnings',
    body: html`<ul class="panel list">
        ${shown.map((warning) => html`<li>${textOf(warning)}</li>`)}
      </ul>
      ${moreLine(more, 'warnings')}`,
  };
}
