import { junitReport } from '../report/junit.ts';
import type { Outcome } from '../report/outcome.ts';
import { reportPage } from '../report/page.ts';
import { preheatEnv } from '../report/preheat-env.ts';
import type { StateFolder } from './state-folder.ts';

/** Writes what people, the next script line and Pipelines read: `outcome.json`, `preheat.env`, the page, JUnit XML. */
export async function writeReports(outcome: Outcome, state: StateFolder): Promise<void> {
  await state.write('outcome.json', `${JSON.stringify(outcome, null, 2)}\n`);
  await state.write('preheat.env', preheatEnv(outcome));
  await state.write('report.html', reportPage(outcome));
  await state.write('test-results/preheat.xml', junitReport(outcome));
}
