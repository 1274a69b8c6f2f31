import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { junitReport } from '../../src/report/junit.ts';
import { filledWith } from './page/samples.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

const countOf = (xml: string, name: string): number =>
  Number(new RegExp(`\\b${name}="(\\d+)"`).exec(xml)?.[1]);

describe('JUnit XML', () => {
  it('counts what it holds', () => {
    for (const outcome of [warmOutcome, failedOutcome, greedyOutcome, interruptedOutcome]) {
      const xml = junitReport(outcome);
      assert.equal(countOf(xml, 'tests'), xml.split('<testcase ').length - 1);
      assert.equal(countOf(xml, 'failures'), xml.split('<failure ').length - 1);
      assert.equal(countOf(xml, 'skipped'), xml.split('<skipped ').length - 1);
    }
  });

  it('has a failure exactly where a run failed', () => {
    const told = [warmOutcome, interruptedOutcome, failedOutcome, greedyOutcome].map((outcome) =>
      countOf(junitReport(outcome), 'failures'),
    );
    assert.deepEqual(told, [0, 0, 1, 1]);
    const failure = { phase: 'publish', code: 'unreachable', message: 'cannot publish' };
    assert.equal(countOf(junitReport({ ...warmOutcome, result: 'not-warm', failure }), 'failures'), 1);
  });

  it('is well-formed, whatever an outcome holds', () => {
    const unit = fc.constantFrom('<', '&', '"', ']]>', '\u0000', '\u001B[31m', '\uFFFE', '\n', 'a', '😀');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const parser = new SaxesParser();
        parser.write(junitReport(filledWith(text, 'not-warm', 2))).close();
      }),
    );
    assert.throws(() => new SaxesParser().write('<a>&</a>').close(), 'the parser is strict');
  });
});
