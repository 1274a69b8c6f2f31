import assert from 'node:assert/strict';
import type { PushEvent } from '../../src/event/push-event.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { recordTag } from '../../src/oci/tags.ts';
import { apply, decide, NOTHING_DONE } from '../../src/plan/decide.ts';
import { plan } from '../../src/plan/plan.ts';
import { recordQuestions } from '../../src/plan/questions.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { CONFIG, EVENT, FACTS, factsWith, INPUTS, recordFor } from '../support/records.ts';

const MAIN = { kind: 'protected', branch: 'main' } as const;
const fresh = plan(INPUTS, FACTS);
const [tasks] = fresh.steps;
assert.ok(tasks !== undefined);
const imageAnswer = { kind: 'image', tag: fresh.commitTag, digest: digestOf('image') } as const;

describe('plan', () => {
  it('misses everything where nothing is known, and says why', () => {
    assert.equal(fresh.image.kind, 'miss');
    assert.equal(tasks.decision.kind, 'miss');
    assert.match(
      tasks.decision.reason,
      /no record of these tasks for commit cccccccccccc \(whole-tree rule\)/,
    );
    assert.deepEqual(fresh.hintTags, ['branch-main']);
    assert.deepEqual(decide(fresh, NOTHING_DONE), { kind: 'run', step: tasks });
    assert.deepEqual(decide(fresh, apply(NOTHING_DONE, tasks)), { kind: 'assemble' });
  });

  it('keeps an image with the same key as it is', () => {
    const warm = plan(INPUTS, factsWith({ ...imageAnswer, imageKey: fresh.imageKey }));
    assert.partialDeepStrictEqual(warm.image, { kind: 'hit', digest: digestOf('image') });
    assert.deepEqual(decide(warm, NOTHING_DONE), { kind: 'keep-image' });
  });

  it('does not take an image of the commit that was made from other inputs', () => {
    const other = plan(INPUTS, factsWith({ ...imageAnswer, imageKey: digestOf('another') }));
    assert.equal(other.image.kind, 'miss');
    const bare = plan(INPUTS, factsWith(imageAnswer));
    assert.equal(bare.image.kind, 'miss');
  });

  it('reuses a record with the same keys', () => {
    const record = recordFor(tasks, MAIN);
    const warm = plan(INPUTS, factsWith({ kind: 'record', tag: tasks.recordTag, record }));
    assert.partialDeepStrictEqual(warm.steps[0]?.decision, { kind: 'hit', tag: tasks.recordTag });
    assert.partialDeepStrictEqual(decide(warm, NOTHING_DONE), { kind: 'reuse', record });
  });

  it('does not trust a record whose keys are not its own, even under the right tag', () => {
    for (const wrong of [{ contentKey: digestOf('x') }, { staticKey: digestOf('x') }]) {
      const record = { ...recordFor(tasks, MAIN), ...wrong };
      const cold = plan(INPUTS, factsWith({ kind: 'record', tag: tasks.recordTag, record }));
      assert.equal(cold.steps[0]?.decision.kind, 'miss');
    }
  });

  it('tells of a record that cannot be used', () => {
    const cold = plan(
      INPUTS,
      factsWith({ kind: 'record', tag: tasks.recordTag, unusable: 'its layer has gone' }),
    );
    assert.match(cold.steps[0]?.decision.reason ?? '', /its layer has gone/);
  });

  it('asks for the image first, then for records in each scope that may be read', () => {
    const event: PushEvent = { ...EVENT, ref: { kind: 'branch', name: 'feature' } };
    const inputs = { ...INPUTS, event };
    const [step] = plan(inputs, FACTS).steps;
    assert.ok(step !== undefined);
    const tags = recordQuestions(inputs, FACTS).map(({ tag }) => tag);
    assert.deepEqual(tags, [
      plan(inputs, FACTS).commitTag,
      recordTag({ kind: 'branch', branch: 'feature' }, step.contentKey),
      recordTag(MAIN, step.contentKey),
    ]);
  });

  it('is rendered for people', () => {
    assert.deepEqual(renderPlan(fresh, new Date(0)), [
      'scope  protected branch main',
      'make   image: there is no image of commit cccccccccccc in this scope yet',
      `run    tasks: no record of these tasks for commit cccccccccccc (whole-tree rule) on base ${FACTS.base.digest.slice(7, 19)} [whole-tree]`,
      'whole  sources: as a new keyframe, there is no keyframe yet',
      `tag    commit-protected.main-${'c'.repeat(40)}, branch-main`,
    ]);
  });

  it('is rendered with what a run that is reused took, and how long ago that was', () => {
    const record = { ...recordFor(tasks, MAIN), durationMs: 12_000 };
    const warm = plan(INPUTS, factsWith({ kind: 'record', tag: tasks.recordTag, record }));
    const now = new Date('2026-01-02T05:14:05Z');
    assert.ok(renderPlan(warm, now).includes('spares 12 s of tasks and 0 B of layers (2 h old)'));
  });

  it('plans a configuration without tasks independently of the commit', () => {
    const config = { ...CONFIG, tasks: [{ name: 'only a server', command: 'npm start', env: {} }] };
    const here = plan({ ...INPUTS, config }, FACTS).steps[0];
    const there = plan({ ...INPUTS, config }, { ...FACTS, commit: { ...FACTS.commit, id: 'e'.repeat(40) } })
      .steps[0];
    assert.equal(here?.hasWork, false);
    assert.equal(here?.contentKey, there?.contentKey);
  });
});
