import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import { pullRequestComment } from '../report/comment.ts';
import { insightsReport } from '../report/insights.ts';
import { junitReport } from '../report/junit.ts';
import { Outcome } from '../report/outcome.ts';
import { reportPage } from '../report/page.ts';
import { reportSubject } from '../report/report-subject.ts';
import type { CommandResult } from './build-command.ts';
import { replaceFile } from './replace-file.ts';
import type { Session } from './session.ts';

/**
 * `preheat report --from OUTCOME`: renders page, comment, report and JUnit XML of a run again, beside its outcome or into
 * the state folder that is named. Delivers nothing.
 */
export async function reportCommand({ settings, stdout }: Session): Promise<CommandResult> {
  const { from } = settings;
  if (from === undefined) {
    throw new PreheatError('cannot report: --from names no outcome', {
      phase: 'usage',
      code: 'usage',
      hint: 'Name the outcome.json of a build, such as .preheat/outcome.json.',
    });
  }
  const outcome = await readOutcome(from);
  const folder = settings.state ?? dirname(from);
  const rendered = filesOf(outcome);
  for (const [name, text] of Object.entries(rendered)) {
    await writing(join(folder, name), async (path) => {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, text);
    });
  }
  const paths = Object.keys(rendered).map((name) => join(folder, name));
  stdout.write(
    settings.json ? `${JSON.stringify({ schemaVersion: 1, files: paths })}\n` : `${paths.join('\n')}\n`,
  );
  return { exitCode: 0, lines: [] };
}

function filesOf(outcome: Outcome): Readonly<Record<string, string>> {
  const subject = reportSubject(outcome);
  return {
    'report.html': reportPage(outcome),
    'comment.md': `${pullRequestComment(outcome, subject).text}\n`,
    'insights.json': `${JSON.stringify(insightsReport(outcome, subject), null, 2)}\n`,
    'test-results/preheat.xml': junitReport(outcome),
  };
}

async function readOutcome(path: string): Promise<Outcome> {
  try {
    return Outcome.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (thrown) {
    const why =
      thrown instanceof z.ZodError ? `it is no outcome: ${z.prettifyError(thrown)}` : messageOf(thrown);
    throw new PreheatError(`cannot read ${path}: ${why}`, {
      phase: 'usage',
      code: 'usage',
      hint: 'Name the outcome.json of a build of this version.',
      cause: thrown,
    });
  }
}

async function writing(path: string, work: (path: string) => Promise<void>): Promise<void> {
  try {
    await work(path);
  } catch (thrown) {
    throw new PreheatError(`cannot write ${path}: ${messageOf(thrown)}`, {
      phase: 'report',
      hint: 'Make its folder writable, or name another one with --state.',
      cause: thrown,
    });
  }
}
