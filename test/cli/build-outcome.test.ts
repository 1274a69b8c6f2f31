import assert from 'node:assert/strict';
import { TaskFailure } from '../../src/build/task-failure.ts';
import { buildOutcome } from '../../src/cli/build-outcome.ts';
import type { BuildProgress } from '../../src/cli/build-progress.ts';
import { interruption } from '../../src/cli/signals.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';
import { plan } from '../../src/plan/plan.ts';
import { Outcome } from '../../src/report/outcome.ts';
import { CONFIG, OBSERVED, EVENT, FACTS, factsWith, INPUTS } from '../support/records.ts';
import { testSession } from './test-session.ts';

const BEGIN: BuildProgress = { startedAt: new Date(0) };
const CONTEXT = { event: EVENT, commit: FACTS.commit };
const PUSH = {
  ...CONTEXT,
  config: CONFIG,
  observed: OBSERVED,
  askedAt: new Date(0),
  facts: FACTS,
  plan: plan(INPUTS, FACTS),
  runtimeFiles: [],
  inputs: INPUTS,
  laid: { git: 'git', gitConfig: 'config', own: 'own' },
};
const taskFailure = new TaskFailure('task "build" failed with exit code 1', {
  code: 'task-failed',
  task: 'build',
  exitCode: 1,
  output: ['the token is s3cret-word'],
  hint: 'Look.',
});

/** The outcome of a run that came so far; it must be what its schema says. */
function outcomeOf(progress: Partial<BuildProgress>): Outcome {
  const session = testSession();
  session.redactor.add('s3cret-word');
  const outcome = buildOutcome({ ...BEGIN, ...progress }, session, new Date(1500));
  assert.deepEqual(Outcome.parse(JSON.parse(JSON.stringify(outcome))), outcome);
  return outcome;
}

describe('the outcome of a build', () => {
  it('knows nothing of a run that was interrupted before it knew the push', () => {
    assert.partialDeepStrictEqual(outcomeOf({ failure: interruption('SIGINT') }), {
      result: 'interrupted',
      exitCode: 130,
      repository: '',
      commit: '',
      steps: [],
      layers: [],
      finishedAt: '1970-01-01T00:00:01.500Z',
    });
  });

  it('names the commit of one that ended while it looked things up', () => {
    const failure = new PreheatError('cannot find it', { phase: 'observe', hint: 'Look again.' });
    const outcome = outcomeOf({ context: CONTEXT, failure });
    assert.partialDeepStrictEqual(outcome, {
      result: 'not-warm',
      exitCode: 30,
      repository: 'app',
      commit: FACTS.commit.id,
      ref: 'main',
      failure: { phase: 'observe', code: 'failed', hint: 'Look again.' },
    });
    assert.equal(outcome.image, undefined);
  });

  it('tells a step that failed from one that was not reached', () => {
    const stepsAfter = (failure: unknown) => outcomeOf({ push: PUSH, failure }).steps;
    assert.partialDeepStrictEqual(stepsAfter(taskFailure), [{ name: 'tasks', outcome: 'failed' }]);
    assert.partialDeepStrictEqual(stepsAfter(interruption('SIGTERM')), [{ outcome: 'not-reached' }]);
  });

  it('reuses everything of an image that is kept', () => {
    const { commitTag, imageKey } = PUSH.plan;
    const layers = [{ role: 'base', digest: digestOf('b'), size: 3 }] as const;
    const facts = factsWith({
      kind: 'image',
      tag: commitTag,
      digest: digestOf('i'),
      imageKey,
      layers: [...layers],
    });
    const outcome = outcomeOf({ context: CONTEXT, push: { ...PUSH, facts, plan: plan(INPUTS, facts) } });
    assert.partialDeepStrictEqual(outcome, { result: 'warm', exitCode: 0, steps: [{ outcome: 'reused' }] });
    assert.deepEqual(outcome.layers, [{ ...layers[0], reused: true }]);
  });

  it('does not pass its own layers off as those of an image that it adopted', () => {
    const descriptor = { mediaType: 'm', digest: digestOf('x'), size: 1 };
    const layer = { role: 'task', ...descriptor, diffId: parseDiffId(digestOf('y')) } as const;
    const image = {
      schemaVersion: 1,
      manifest: descriptor,
      config: descriptor,
      imageKey: digestOf('key'),
      layers: [layer],
    } as const;
    const layersAfter = (outcome: 'published' | 'adopted') => {
      const uploaded = { blobs: 0, bytes: 0 };
      const where = { location: 'oci:x', image: 'oci:x:t', digest: digestOf('x'), tags: ['t'] };
      const publication = { schemaVersion: 1, ...where, outcome, uploaded } as const;
      return outcomeOf({ push: PUSH, image: { ...image, layers: [...image.layers] }, publication }).layers;
    };
    assert.equal(layersAfter('published').length, 1);
    assert.deepEqual(layersAfter('adopted'), []);
  });

  it('calls what is no PreheatError a defect', () => {
    assert.partialDeepStrictEqual(outcomeOf({ failure: new TypeError('x is\nundefined') }), {
      exitCode: 1,
      failure: {
        message: 'x is undefined',
        hint: 'Report this as a defect of preheat, with the output of --debug.',
      },
    });
  });

  it('holds no secret, whatever the failure quotes', () => {
    for (const failure of [
      taskFailure,
      new PreheatError('cannot reach https://me:s3cret-word@proxy', {
        phase: 'build',
        hint: 'Not s3cret-word.',
      }),
      new Error('s3cret-word'),
    ]) {
      const text = JSON.stringify(outcomeOf({ context: CONTEXT, failure }));
      assert.ok(text.includes('********') && !text.includes('s3cret-word'), text);
    }
  });

  it('tells what became of a base from a Dockerfile', () => {
    const digest = digestOf('layer of the base');
    const hit = { kind: 'hit', reason: 'built before', tag: 't', base: FACTS.base } as const;
    const miss = { kind: 'miss', reason: 'not kept', tag: 't', key: digest } as const;
    const built = { made: new Set([digest]), uploaded: { blobs: 2, bytes: 30 }, durationMs: 5 };
    const stepOf = (progress: Partial<BuildProgress>) =>
      outcomeOf({ context: CONTEXT, ...progress }).steps[0];
    assert.deepEqual(stepOf({ base: { decision: hit } }), {
      name: 'base',
      outcome: 'reused',
      reason: 'built before',
    });
    assert.equal(stepOf({ base: { decision: miss }, failure: taskFailure })?.outcome, 'failed');
    assert.equal(
      stepOf({ base: { decision: miss }, failure: interruption('SIGINT') })?.outcome,
      'not-reached',
    );
    assert.equal(stepOf({ base: { decision: miss, built } })?.outcome, 'ran');
    assert.deepEqual(
      outcomeOf({ context: CONTEXT, base: { decision: miss, built } }).uploaded,
      built.uploaded,
    );
  });
});
