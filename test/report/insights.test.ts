import assert from 'node:assert/strict';
import fc from 'fast-check';
import { insightsReport } from '../../src/report/insights.ts';
import { reportSubject } from '../../src/report/report-subject.ts';
import { filledWith, hugeOutcome } from './page/samples.ts';
import { warmOutcome } from './sample-outcome.ts';

describe('the report to Code Insights', () => {
  it('keeps to what Bitbucket takes, whatever an outcome holds', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 3000 });
    fc.assert(
      fc.property(texts, fc.constantFrom('warm' as const, 'not-warm' as const), (text, result) => {
        const outcome = filledWith(text, result, 3);
        const report = insightsReport(outcome, { ...reportSubject(outcome), url: 'https://example.org' });
        assert.ok(report.data.length <= 10);
        assert.ok(report.details.length <= 2000 && report.title.length <= 450);
        for (const { summary, details } of report.annotations)
          assert.ok(summary.length <= 450 && details.length <= 2000);
        assert.ok(JSON.stringify(report).isWellFormed());
      }),
      { numRuns: 50 },
    );
  });

  it('has one request of annotations at most, the failing task first, and counts the others', () => {
    const outcome = hugeOutcome();
    const failure = { phase: 'build', code: 'task-failed', message: 'no', task: 'build', line: 7 };
    const failed = { ...outcome, result: 'not-warm' as const, failure };
    const { annotations, details } = insightsReport(failed, reportSubject(outcome));
    assert.equal(annotations.length, 100);
    assert.partialDeepStrictEqual(annotations[0], { external_id: 'preheat-task', line: 7 });
    assert.match(
      details,
      new RegExp(`${(outcome.findings ?? []).length - 99} more findings are in the log\\.$`),
    );
  });

  it('has no link where people see the run nowhere', () => {
    const report = insightsReport(warmOutcome, reportSubject(warmOutcome));
    assert.equal(report.link, undefined);
    assert.ok(report.data.every(({ type }) => type !== 'LINK'));
  });
});
