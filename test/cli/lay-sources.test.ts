import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkout } from '../../src/build/source-tree.ts';
import { openLaying } from '../../src/cli/lay-sources.ts';
import type { PlannedPush } from '../../src/cli/plan-push.ts';
import type { Ports } from '../../src/cli/ports.ts';
import type { Keyframe, LaidCheckout } from '../../src/observe/keyframe.ts';
import type { CallOptions } from '../../src/oci/content-store.ts';
import { openTestStaging } from '../support/staged-image.ts';
import { testSession } from './test-session.ts';

const ROOT = { uid: 0, gid: 0 };
const OTHER = { uid: 1000, gid: 1000 };
const COMMIT = 'c'.repeat(40);

/** As much of a push as laying its sources looks at. */
const PUSH = {
  facts: { commit: { id: COMMIT } },
  event: { ref: { kind: 'branch', name: 'main' }, repository: {} },
  config: {
    checkoutLocation: '/workspace/app',
    workspaceLocation: '/workspace/app',
    env: {},
    tasks: [],
    ports: [],
  },
} as unknown as PlannedPush;

const KEYFRAME = { owner: ROOT, checkout: { commit: 'b'.repeat(40) } } as unknown as Keyframe;

interface Manner {
  /** Goes on while sources are laid. */
  readonly during?: (options: CallOptions) => Promise<void>;
}

/** A laying whose sources are empty; `said` tells what is laid when. */
async function openScene({ during = async () => {} }: Manner = {}) {
  const staged = await openTestStaging();
  const session = testSession();
  const said: string[] = [];
  const lay = async (what: string, options: CallOptions): Promise<void> => {
    said.push(`${what} begins`);
    await during(options);
    said.push(`${what} ends`);
  };
  const ports = {
    sourceTree: {
      async layDown(_: unknown, options: CallOptions): Promise<Checkout> {
        await lay('whole', options);
        const record = { commit: COMMIT } as unknown as LaidCheckout;
        return {
          entries: (async function* none() {})(),
          record: async () => record,
          [Symbol.asyncDispose]: async () => {},
        };
      },
    },
    openDeltaTree: async () => ({
      async layDelta(_: unknown, __: unknown, options: CallOptions) {
        await lay('delta', options);
        return { unusable: 'the clone lacks the commit' };
      },
      [Symbol.asyncDispose]: async () => {},
    }),
  } as unknown as Ports;
  const laying = openLaying(PUSH, staged.staging, ports, session);
  const ends = () => session.events.flatMap((event) => (event.type === 'step-end' ? [event] : []));
  return { laying, said, ends, [Symbol.asyncDispose]: () => staged[Symbol.asyncDispose]() };
}

describe('openLaying', () => {
  it('lays the sources once for each owner and the delta once, one after the other', async () => {
    await using scene = await openScene({ during: async () => await sleep(5) });
    const { laying, said } = scene;
    await using _ = laying;
    const results = await Promise.all([
      laying.whole(ROOT),
      laying.delta(KEYFRAME),
      laying.whole({ ...ROOT }),
      laying.whole(OTHER),
      laying.delta(KEYFRAME),
    ]);
    const one = ['whole begins', 'whole ends'];
    assert.deepEqual(said, [...one, 'delta begins', 'delta ends', ...one]);
    const [root, delta, again, other] = results;
    assert.equal(root, again);
    assert.notEqual(root.layer.digest, other.layer.digest);
    assert.deepEqual(delta, { unusable: 'the clone lacks the commit' });
    assert.deepEqual(root.keyframe.owner, ROOT);
  });

  it('gives up what goes on when it is disposed of, and no step has failed then', async () => {
    const begun = Promise.withResolvers<void>();
    const during = async ({ signal }: CallOptions): Promise<void> => {
      begun.resolve();
      await sleep(60_000, undefined, { signal });
    };
    await using scene = await openScene({ during });
    const { laying } = scene;
    const layings = Promise.allSettled([laying.whole(ROOT), laying.delta(KEYFRAME)]);
    await begun.promise;
    await laying[Symbol.asyncDispose]();
    assert.deepEqual(
      (await layings).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(scene.said, ['whole begins'], 'the delta has not begun');
    assert.deepEqual(
      scene.ends().map(({ name, outcome, detail }) => [name, outcome, detail]),
      [['sources', 'done', 'not needed any more']],
    );
  });

  it('tells everyone who asks what went wrong', async () => {
    const during = async (): Promise<void> => {
      throw new Error('the disk is full');
    };
    await using scene = await openScene({ during });
    await using laying = scene.laying;
    for (let asked = 0; asked < 2; asked++) await assert.rejects(laying.whole(ROOT), /the disk is full/);
    assert.deepEqual(
      scene.ends().map(({ outcome }) => outcome),
      ['failed'],
    );
  });
});
