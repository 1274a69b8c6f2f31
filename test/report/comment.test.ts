import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pullRequestComment } from '../../src/report/comment.ts';
import { reportSubject } from '../../src/report/report-subject.ts';
import { filledWith } from './page/samples.ts';
import { failedOutcome, warmOutcome } from './sample-outcome.ts';

const text = fc.string({
  unit: fc.constantFrom('a', '|', '`', '\n', '<', '*', '_', '[', '\\', '#', ' ', 'é'),
  maxLength: 30,
});

describe('the comment on a pull request', () => {
  it('begins with the same line for each outcome, by which it is found again', () => {
    const [first, second] = [warmOutcome, failedOutcome].map((outcome) =>
      pullRequestComment(outcome, reportSubject(outcome)),
    );
    assert.equal(first?.marker, second?.marker);
    for (const { marker, text } of [first, second].filter((one) => one !== undefined))
      assert.ok(text.startsWith(`${marker}\n`));
  });

  it('keeps the rows of its tables whole, whatever stands in them', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('warm' as const, 'not-warm' as const), (value, result) => {
        const outcome = filledWith(value, result, 2);
        const comment = pullRequestComment(outcome, {
          ...reportSubject(outcome),
          url: 'https://example.org',
        });
        const tables = withoutBlocks(comment.text)
          .split('\n\n')
          .filter((part) => part.startsWith('| '));
        assert.ok(tables.length > 0);
        for (const table of tables) {
          const cells = table.split('\n').map((row) => row.replaceAll(/\\./g, '').split('|').length);
          assert.equal(new Set(cells).size, 1, table);
        }
      }),
    );
  });

  it('shows the last lines of a failing task alone, in a block that they cannot end', () => {
    const output = [...Array.from({ length: 100 }, (_, line) => `line ${line}`), '```', 'x'.repeat(5000)];
    const failure = { phase: 'build', code: 'task-failed', message: 'no', output };
    const { text } = pullRequestComment({ ...failedOutcome, failure }, reportSubject(failedOutcome));
    assert.match(text, /\n````\nline 82\n/);
    assert.match(text, /\n```\nx{400}…\n````\n/);
    assert.ok(!text.includes('line 81\n'));
  });
});

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})\n[^]*?\n\1$/gm, '');
}
