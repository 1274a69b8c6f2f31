import assert from 'node:assert/strict';
import fc from 'fast-check';
import { statusKey } from '../../src/report/status-key.ts';
import type { ReportSubject } from '../../src/report/report-subject.ts';
import { buildStatus } from '../../src/report/status.ts';
import { COMMIT, failedOutcome, interruptedOutcome, warmOutcome } from './sample-outcome.ts';

const SUBJECT: ReportSubject = {
  commit: COMMIT,
  url: 'https://bitbucket.org/team/app/pipelines/results/7',
  configuration: '.gitpod.yml',
};

describe('build status', () => {
  it('says at the start that the image is being built', () => {
    assert.deepEqual(buildStatus('running', { ...SUBJECT, branch: 'feature/login' }), {
      commit: COMMIT,
      key: 'preheat-370a022e48cb',
      state: 'INPROGRESS',
      name: 'Workspace image',
      description: 'Building the workspace image',
      url: 'https://bitbucket.org/team/app/pipelines/results/7',
      refname: 'feature/login',
    });
  });

  it('says what a warm image cost', () => {
    const { state, description, url, refname } = buildStatus(warmOutcome, SUBJECT);
    assert.equal(state, 'SUCCESSFUL');
    assert.equal(description, 'Warm in 2.0 s: 1 of 2 steps reused, 4.2 kB uploaded');
    assert.equal(url, SUBJECT.url);
    assert.equal(refname, undefined);
  });

  it('says why there is no warm image', () => {
    const { state, description } = buildStatus(failedOutcome, SUBJECT);
    assert.equal(state, 'FAILED');
    assert.equal(description, 'Not warm: cannot run task "build": npm ci ended with exit code 1');
  });

  it('does not call a failing task a failure where that is tolerated', () => {
    const { failure } = failedOutcome;
    assert.ok(failure);
    const tolerated = { ...failedOutcome, failure: { ...failure, tolerated: true } };
    assert.equal(buildStatus(tolerated, SUBJECT).state, 'STOPPED');
  });

  it('says that a run was interrupted', () => {
    const { state, description } = buildStatus(interruptedOutcome, SUBJECT);
    assert.deepEqual([state, description], ['STOPPED', 'Interrupted after 1 min 05 s']);
  });

  it('has one key for each configuration, and names the unusual one', () => {
    const other = buildStatus('running', { ...SUBJECT, configuration: 'tools/.gitpod.yml' });
    assert.notEqual(other.key, buildStatus('running', SUBJECT).key);
    assert.equal(other.name, 'Workspace image (tools/.gitpod.yml)');
  });

  it('keeps the limits of Bitbucket whatever the texts are', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 400 });
    fc.assert(
      fc.property(text, text, (configuration, message) => {
        const failure = { phase: 'build', code: 'failed', message };
        const status = buildStatus({ ...failedOutcome, failure }, { ...SUBJECT, configuration });
        assert.ok(status.key.length <= 40);
        assert.ok(status.name.length <= 255 && status.description.length <= 255);
        assert.ok(status.name.isWellFormed() && status.description.isWellFormed());
      }),
    );
  });

  it('has keys that stay the same over versions', () => {
    assert.equal(statusKey('.gitpod.yml'), 'preheat-370a022e48cb');
  });
});
