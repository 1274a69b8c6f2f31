import assert from 'node:assert/strict';
import { page, tables, type Results } from '../../bench/page.ts';
import { rowOf } from './rows.ts';

const RESULTS: Results = {
  runs: 3,
  subjects: [
    { name: 'node', title: 'A service.' },
    { name: 'c-make', title: 'A program.' },
  ],
  contenders: [
    { name: 'preheat', title: 'this' },
    { name: 'tuned', title: 'that' },
  ],
  own: 'preheat',
  rows: [rowOf('no-op', 'preheat', { seconds: 1 }), rowOf('no-op', 'tuned', { seconds: 20 })],
  budgets: [{ of: 'node, no-op', limit: '≤ 0 containers', measured: '0 containers', within: true }],
  notes: ['A note.'],
};

describe('the page', () => {
  it('shows the subjects that were measured, the budgets and the notes', () => {
    const text = tables(RESULTS);
    assert.deepEqual(text.match(/^## .*$/gm), ['## node', '## Budgets']);
    assert.ok(text.includes('| no-op | preheat | 1.0 s | 20 × |'));
    assert.ok(text.includes('| node, no-op | ≤ 0 containers | 0 containers | within |'));
    assert.ok(text.endsWith('\n\nA note.'));
  });

  it('says nothing of budgets where none binds', () => {
    assert.doesNotMatch(tables({ ...RESULTS, budgets: [] }), /Budgets/);
  });

  it('says what was pushed, by whom, and how often', () => {
    const text = page(RESULTS);
    assert.ok(text.includes('\n| no-op | the same commit again |\n'));
    assert.ok(!text.includes('| docs-only |'));
    assert.ok(text.includes('\n| tuned | that |\n'));
    assert.match(text, /Median of 3 runs on \d+ cores? \(/);
    assert.match(page({ ...RESULTS, runs: 1 }), /One run on /);
    assert.ok(text.includes('](performance.svg)') && text.includes(tables(RESULTS)));
    assert.doesNotMatch(text, /NaN|undefined/);
  });
});
