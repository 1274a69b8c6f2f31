import type { Budget } from './budgets.ts';
import { markdownTable } from './table.ts';

/** Budgets as a table, with the verdict on each. */
export function budgetTable(budgets: readonly Budget[]): string {
  return markdownTable(
    [
      { title: 'of', align: 'left' },
      { title: 'budget', align: 'right' },
      { title: 'measured', align: 'right' },
      { title: '', align: 'left' },
    ],
    budgets.map(({ of, limit, measured, within }) => [of, limit, measured, within ? 'within' : '**OVER**']),
  );
}
