import assert from 'node:assert/strict';
import type { Finding } from '../../src/doctor/finding.ts';
import { renderFindings, verdictLine } from '../../src/doctor/render-findings.ts';

const good: Finding = { check: 'git', mark: 'good', found: 'git 2.39.5', why: 'it reads', phase: 'observe' };
const warning: Finding = {
  check: 'memory',
  mark: 'warning',
  found: '1024 MB',
  why: 'tasks share it',
  change: 'Give it more.',
  remedy: { file: 'bitbucket-pipelines.yml', yaml: 'a:\n  b: 1' },
  phase: 'build',
};
const bad: Finding = { ...good, check: 'engine', mark: 'bad', found: 'gone' };

describe('findings', () => {
  it('are shown with what is so, why it matters, what to change and what to paste', () => {
    assert.deepEqual(renderFindings([good, warning]), [
      '✔ git           git 2.39.5',
      '                why: it reads',
      '! memory        1024 MB',
      '                why: tasks share it',
      '                change: Give it more.',
      '  in bitbucket-pipelines.yml:',
      '',
      'a:',
      '  b: 1',
      '',
    ]);
  });

  it('end in one line', () => {
    assert.equal(verdictLine([good]), '✔ ready: 1 check');
    assert.equal(verdictLine([good, warning]), '✔ ready: 2 checks, 1 to look at (memory)');
    assert.equal(verdictLine([good, warning, bad]), '✖ not ready: engine');
  });
});
