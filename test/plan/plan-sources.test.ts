import assert from 'node:assert/strict';
import type { StepRecord } from '../../src/observe/step-record.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { plan } from '../../src/plan/plan.ts';
import { renderPlan } from '../../src/plan/render-plan.ts';
import { keyframeFor } from '../support/keyframes.ts';
import { EVENT, FACTS, factsWith, INPUTS, recordFor } from '../support/records.ts';

const KEYFRAME = keyframeFor('b'.repeat(40), { size: 5_000_000 });
const keyframes = { newest: 3, nearest: { tag: 'keyframe-protected.main-2-b', keyframe: KEYFRAME } };
const NEXT = `keyframe-protected.main-4-${FACTS.commit.id}`;

describe('plan of sources', () => {
  it('is a delta upon the nearest keyframe, with a place for a new one', () => {
    const planned = plan(INPUTS, { ...FACTS, keyframes });
    assert.partialDeepStrictEqual(planned.sources, {
      kind: 'delta',
      tag: keyframes.nearest.tag,
      keyframeBytes: 5_000_000,
      next: NEXT,
    });
    assert.ok(
      renderPlan(planned, new Date(0)).includes(
        'delta  sources: upon the keyframe of commit bbbbbbbbbbbb, whose 5.0 MB are there; at most 1.3 MB more',
      ),
    );
  });

  it('is a keyframe where there is none, or none that fits', () => {
    const first = plan(INPUTS, { ...FACTS, keyframes: { newest: 0 } }).sources;
    assert.deepEqual(first, {
      kind: 'keyframe',
      reason: 'there is no keyframe yet',
      next: `keyframe-protected.main-1-${FACTS.commit.id}`,
    });
    const nearest = { ...keyframes.nearest, keyframe: { ...KEYFRAME, location: '/workspace/other' } };
    const other = plan(INPUTS, { ...FACTS, keyframes: { ...keyframes, nearest } });
    assert.partialDeepStrictEqual(other.sources, { kind: 'keyframe', next: NEXT });
    assert.ok(
      renderPlan(other, new Date(0)).includes(
        'whole  sources: as a new keyframe, the keyframe has another location',
      ),
    );
  });

  it('knows of a record whose checkout it is, and whether it must lie whole', () => {
    const [step] = plan(INPUTS, FACTS).steps;
    assert.ok(step);
    const planWith = (more: Partial<StepRecord>) => {
      const record = { ...recordFor(step, { kind: 'protected', branch: 'main' }), ...more };
      const facts = factsWith({ kind: 'record', tag: step.recordTag, record });
      return plan(INPUTS, { ...facts, keyframes }).sources;
    };
    assert.equal(planWith({})?.kind, 'delta');
    assert.match(planWith({ sourceOwner: { uid: 1, gid: 1 } })?.reason ?? '', /another owner/);
    assert.equal(planWith({ wholeSources: 'because' })?.reason, 'because');
  });

  it('is none where the image is there', () => {
    const { commitTag, imageKey } = plan(INPUTS, FACTS);
    const facts = factsWith({ kind: 'image', tag: commitTag, digest: digestOf('image'), imageKey });
    assert.equal(plan(INPUTS, facts).sources, undefined);
  });

  it('writes keyframes of a branch to its own scope', () => {
    const event = { ...EVENT, ref: { kind: 'branch', name: 'feature' } } as const;
    const { sources } = plan({ ...INPUTS, event }, { ...FACTS, keyframes: { newest: 0 } });
    assert.equal(sources?.next, `keyframe-branch.feature-1-${FACTS.commit.id}`);
  });
});
