import { durationText } from '../../kernel/amounts.ts';
import { elapsedMs } from '../elapsed.ts';
import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { commandsOf } from './commands.ts';
import { priceTag } from './price-tag.ts';
import { codeOf, joined, nameOf, shortId, textOf, timeOf } from './words.ts';

const VERDICTS: Readonly<Record<Outcome['result'], readonly [mark: string, word: string, after: string]>> = {
  warm: ['✔', 'Warm', 'in'],
  'not-warm': ['✖', 'Not warm', 'after'],
  interrupted: ['■', 'Interrupted', 'after'],
};

/** The result as the browser's tab tells it. */
export function titleOf({ result, repository, commit }: Outcome): string {
  const where = [repository, commit === '' ? '' : `at ${commit.slice(0, 12)}`].filter((part) => part !== '');
  return `${VERDICTS[result][1]}: ${where.join(' ') || 'workspace image'}`;
}

/** What became of which push, what that means, and what to type next. */
export function verdictOf(outcome: Outcome): Html {
  const { result, finishedAt } = outcome;
  const [mark, word, after] = VERDICTS[result];
  const elapsed = elapsedMs(outcome);
  return html`<section class="verdict ${result}" aria-labelledby="verdict">
    <div class="verdict-text">
      <p class="subject">${subjectOf(outcome)}</p>
      <h1 id="verdict">
        <span class="mark" aria-hidden="true">${mark}</span> ${word}
        ${elapsed === 0 ? undefined : html`<span class="after">${after} ${durationText(elapsed)}</span>`}
      </h1>
      <p class="meaning">${meaningOf(outcome)}</p>
      ${commandsOf(outcome)}
      <p class="quiet">${timeOf(finishedAt)}</p>
    </div>
    ${priceTag(outcome)}
  </section> `;
}

function subjectOf({ repository, commit, ref, destination, pullRequest, bitbucket }: Outcome): Html {
  const into = destination === undefined ? undefined : html` → ${nameOf(destination)}`;
  return joined([
    repository === '' ? undefined : html`<strong>${nameOf(repository)}</strong>`,
    ref === '' && into === undefined ? undefined : html`<span>${nameOf(ref)}${into}</span>`,
    commit === '' ? undefined : codeOf(shortId(commit)),
    pullRequest === undefined ? undefined : `pull request #${pullRequest}`,
    bitbucket?.buildNumber === undefined ? undefined : html`build ${nameOf(bitbucket.buildNumber)}`,
  ]);
}

function meaningOf({ result, failure }: Outcome): Html {
  if (result === 'warm') {
    return html`The workspace image of this commit is there. Opening it pulls what you lack and builds
    nothing.`;
  }
  if (result === 'interrupted')
    return html`There is no image of this commit: the run was ended before it was done.`;
  if (failure === undefined) return html`There is no image of this commit.`;
  if (failure.task === undefined) return html`There is no image of this commit: ${textOf(failure.message)}.`;
  const code = failure.exitCode === undefined ? '' : ` with exit code ${failure.exitCode}`;
  return html`There is no image of this commit: the task
    <strong>${nameOf(failure.task)}</strong> failed${code}.`;
}
