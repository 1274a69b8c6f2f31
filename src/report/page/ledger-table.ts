import { bytesText, durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import { ledgerOf, type LedgerLine } from '../ledger.ts';
import type { Outcome } from '../outcome.ts';
import { pastRunOf } from '../past-run.ts';
import { bounded, moreLine } from './bounded.ts';
import { scrolling, type Section } from './section.ts';
import { counted, nameOf } from './words.ts';

const MOST_LINES = 50;

/** What the cache did over the runs that are known, for each branch and step. */
export function ledgerSection(outcome: Outcome): Section | undefined {
  const { history = [] } = outcome;
  const runs = outcome.result === 'warm' ? [pastRunOf(outcome), ...history] : history;
  const lines = ledgerOf(runs);
  if (history.length === 0 || lines.length === 0) return undefined;
  const { shown, more } = bounded(lines, MOST_LINES);
  return {
    id: 'ledger',
    title: 'What the cache saved',
    short: 'Savings',
    body: html`<p class="lead">${summary(lines, runs.length)}</p>
      ${scrolling('What the cache saved, as a table', tableOf(shown))} ${moreLine(more, 'lines')}`,
  };
}

function summary(lines: readonly LedgerLine[], runs: number): Html {
  const sum = (of: (line: LedgerLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const hits = sum((line) => line.hits);
  const saved = `${durationText(sum((line) => line.savedMs))} and ${bytesText(sum((line) => line.savedBytes))}`;
  return html`In ${counted(runs, 'run')}, ${counted(hits, 'hit')} among
    ${counted(
      sum((line) => line.runs),
      'step',
    )}
    saved <strong>${saved}</strong>.`;
}

function tableOf(lines: readonly LedgerLine[]): Html {
  return html`<table>
    <caption>
      Hits and what they saved, for each branch and step
    </caption>
    <thead>
      <tr>
        <th scope="col">Branch</th>
        <th scope="col">Step</th>
        <th scope="col">Hit rate</th>
        <th scope="col" class="number">Hits</th>
        <th scope="col" class="number">Time saved</th>
        <th scope="col" class="number">Bytes saved</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map(rowOf)}
    </tbody>
  </table> `;
}

function rowOf({ ref, step, runs, hits, hitRate, savedMs, savedBytes }: LedgerLine): Html {
  const percent = Math.round(100 * hitRate);
  return html`<tr>
    <th scope="row">${ref === '' ? html`<span class="quiet">no branch</span>` : nameOf(ref)}</th>
    <td>${nameOf(step)}</td>
    <td>
      <span class="rate"
        ><span class="rate-track" aria-hidden="true"
          ><span class="fill-reused" style="width:${percent}%"></span
        ></span>
        ${percent} %</span
      >
    </td>
    <td class="number">${hits} of ${runs}</td>
    <td class="number">${durationText(savedMs)}</td>
    <td class="number">${bytesText(savedBytes)}</td>
  </tr> `;
}
