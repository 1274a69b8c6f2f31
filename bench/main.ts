// Measures pushes, each on an engine that starts empty, and writes docs/performance.md and docs/performance.svg.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { abortOnSignals } from '../src/cli/signals.ts';
import { readArguments } from './arguments.ts';
import { memoryBudget, planningBudgets, pushBudgets, validationBudget, type Budget } from './budgets.ts';
import { NAIVE, TUNED, TUNED_MAX } from './contenders/buildx.ts';
import { PREHEAT } from './contenders/preheat.ts';
import { downloadsText, measureDownloads } from './downloads.ts';
import { groupRuns } from './group-runs.ts';
import type { Measured } from './measurement.ts';
import { measureSubject } from './measure-subject.ts';
import { page, tables, type Results } from './page.ts';
import { measurePipe, pipeText } from './pipe-overhead.ts';
import { measurePlanning } from './planning.ts';
import { pushChart } from './push-chart.ts';
import { secondsText } from './quantity-text.ts';
import { makeProgram } from './released-program.ts';
import { C_MAKE } from './subjects/c-make.ts';
import { MANY } from './subjects/many-files.ts';
import { NODE_SERVICE } from './subjects/node-service.ts';
import { ownRepository } from './subjects/own-repository.ts';
import type { SubjectKind } from './subjects/subject.ts';
import { measureValidation } from './validation.ts';

const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const CHART = fileURLToPath(new URL('../docs/performance.svg', import.meta.url));
const SUBJECTS = [NODE_SERVICE, C_MAKE, MANY];
const CONTENDERS = [PREHEAT, NAIVE, TUNED, TUNED_MAX];
/** What is measured beside pushes, by the names that `--only` takes. */
const BESIDE = ['planning', 'validation', 'pipe', 'downloads'];
const INTERRUPTED = 130;

const wanted = readArguments(process.argv.slice(2), {
  only: [...SUBJECTS.map(({ name }) => name), ...BESIDE],
  contenders: CONTENDERS.map(({ name }) => name),
});
using interruption = abortOnSignals();
const { signal } = interruption;
const { runs, pushes } = wanted;
const subjects = wanted.repo === undefined ? SUBJECTS.filter(isWanted) : [await ownRepository(wanted.repo)];
const contenders = CONTENDERS.filter(({ name }) => wanted.contenders?.has(name) ?? true);
const contenderNames = contenders.map(({ name }) => name);
const measured: Measured[] = [];
await makeProgram();
try {
  for (const subject of subjects)
    await measureSubject(subject, { runs, pushes, contenders, signal, keep: tellAndKeep });
  const planning = isWanted({ name: 'planning' }) ? planningBudgets(await measurePlanning(runs, signal)) : [];
  const validation = isWanted({ name: 'validation' })
    ? validationBudget(await measureValidation(runs, signal))
    : [];
  const notes = isWanted({ name: 'pipe' }) ? [pipeText(await measurePipe(runs))] : [];
  if (isWanted({ name: 'downloads' })) notes.push(downloadsText(await measureDownloads(runs, signal)));
  signal.throwIfAborted();
  await tellResults(resultsWith([...planning, ...validation], notes));
} catch (thrown) {
  console.log(tables(resultsWith([], [])));
  if (!signal.aborted) throw thrown;
  console.error(
    'interrupted: this is what was measured; what was started is gone, and the page is as it was',
  );
  process.exitCode = INTERRUPTED;
}

function tellAndKeep(one: Measured): void {
  console.error(`${one.subject}, ${one.push}, ${one.contender}: ${secondsText(one.run.seconds)}`);
  measured.push(one);
}

function resultsWith(more: readonly Budget[], notes: readonly string[]): Results {
  const own = PREHEAT.name;
  const rows = groupRuns(measured, contenderNames);
  const budgets = [...pushBudgets(rows, own, unreadOf(subjects)), ...memoryBudget(rows), ...more];
  return { runs, subjects, contenders, own, rows, budgets, notes };
}

function isWanted({ name }: { readonly name: string }): boolean {
  return wanted.only?.has(name) ?? wanted.repo === undefined;
}

/** A part is printed; the page holds nothing but what one run measured. */
async function tellResults(results: Results): Promise<void> {
  console.log(tables(results));
  if (!wanted.whole) return;
  await writeFile(PAGE, page(results));
  await writeFile(CHART, pushChart(results.rows, contenderNames));
}

function unreadOf(subjects: readonly SubjectKind[]): ReadonlySet<string> {
  return new Set(subjects.flatMap(({ name, unread }) => unread.map((push) => `${name} ${push}`)));
}
