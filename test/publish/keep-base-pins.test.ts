import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { createLayoutCopier } from '../../src/adapters/oras/layout-copier.ts';
import type { BaseRefresh } from '../../src/observe/base-refresh.ts';
import { openPinBook } from '../../src/observe/pin-book.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { basePinsTag } from '../../src/oci/tags.ts';
import { keepBasePins, type BasePinsRequest } from '../../src/publish/keep-base-pins.ts';
import { testOras } from '../support/oras.ts';
import { silentLog } from '../support/silent-log.ts';
import { openTestStaging, stageImage, testSignal, type TestStaging } from '../support/staged-image.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const TAG = basePinsTag('main', PLATFORM);
const NODE = 'docker.io/library/node:24';
const DEBIAN = 'docker.io/library/debian:12';
const [OLD, NEW] = [digestOf('old'), digestOf('new')] as const;
const NOON = new Date('2026-01-02T12:00:00Z');
const LATER = new Date('2026-01-02T13:00:00Z');

describe('keepBasePins', () => {
  let staged: TestStaging;
  let folder: AsyncDisposable & { readonly path: string };
  let options: { readonly signal: AbortSignal };
  let said: ReturnType<typeof silentLog>;
  const target = () =>
    openLayoutStore({ kind: 'layout', directory: folder.path }, createLayoutCopier(testOras()));

  beforeEach(async () => {
    options = { signal: testSignal() };
    staged = await openTestStaging();
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-pins-'));
    said = silentLog();
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await staged[Symbol.asyncDispose]();
  });

  const keep = (asked: Readonly<Record<string, Digest>>, more: Partial<BasePinsRequest> = {}) =>
    keepBasePins(
      {
        tag: TAG,
        platform: PLATFORM,
        asked: new Map(Object.entries(asked)),
        followed: new Set(),
        ages: false,
        askedAt: more.now ?? NOON,
        now: NOON,
        ...more,
      },
      { staging: staged.staging, target: target(), log: said.log },
      options,
    );

  const book = (policy: BaseRefresh, isDefaultBranch = false) =>
    openPinBook({ tag: TAG, policy, isDefaultBranch, now: LATER }, { target: target(), log: said.log });

  it('leaves pins that branches follow', async () => {
    await keep({ [NODE]: OLD });
    const pin = await book({ kind: 'push' }).follow(NODE, options);
    assert.deepEqual(pin, { digest: OLD, pinnedAt: NOON.toISOString() });
    assert.equal(await book({ kind: 'push' }).follow(DEBIAN, options), undefined);
    assert.deepEqual(said.lines, []);
  });

  it('writes nothing where nothing changed, and the time too where ages count', async () => {
    await keep({ [NODE]: OLD });
    const first = await target().resolve(TAG, options);
    await keep({ [NODE]: OLD }, { now: LATER });
    assert.deepEqual(await target().resolve(TAG, options), first);
    await keep({ [NODE]: OLD }, { now: LATER, ages: true });
    assert.equal((await book({ kind: 'never' }).find(NODE, options))?.pinnedAt, LATER.toISOString());
  });

  it('moves what moved, keeps what was followed, and forgets what is no longer used', async () => {
    await keep({ [NODE]: OLD, [DEBIAN]: OLD, 'docker.io/library/gone:1': OLD });
    await keep({ [NODE]: NEW }, { followed: new Set([DEBIAN]), now: LATER });
    const pins = book({ kind: 'never' });
    assert.equal((await pins.find(NODE, options))?.digest, NEW);
    assert.deepEqual(await pins.find(DEBIAN, options), { digest: OLD, pinnedAt: NOON.toISOString() });
    assert.equal(await pins.find('docker.io/library/gone:1', options), undefined);
  });

  it('leaves alone what a build that asked later has pinned, but no pin from the future', async () => {
    await keep({ [NODE]: NEW }, { now: LATER });
    await keep({ [NODE]: OLD }, { askedAt: NOON, now: LATER });
    const pins = () => book({ kind: 'never' }).find(NODE, options);
    assert.equal((await pins())?.digest, NEW);
    await keep({ [NODE]: OLD }, { askedAt: NOON, now: NOON });
    assert.equal((await pins())?.digest, OLD, 'its clock was wrong');
  });

  it('lets the default branch ask again when its answer is too old', async () => {
    await keep({ [NODE]: OLD });
    const older = (milliseconds: number) => ({ kind: 'older-than', milliseconds }) as const;
    assert.equal((await book(older(3_600_001), true).follow(NODE, options))?.digest, OLD);
    assert.equal(await book(older(3_600_000), true).follow(NODE, options), undefined);
    assert.equal(await book({ kind: 'push' }, true).follow(NODE, options), undefined);
    assert.equal(await book({ kind: 'always' }).find(NODE, options), undefined);
  });

  it('counts what cannot be understood as none, and replaces it', async () => {
    await stageImage(staged.staging, TAG, [], { annotations: { [ANNOTATION.basePins]: '{"pins":' } });
    await target().upload(staged.staging.directory, TAG, options);
    assert.equal(await book({ kind: 'push' }).follow(NODE, options), undefined);
    assert.match(said.lines.join('\n'), /cannot read pins-main: .*; base images are asked for anew/s);
    await keep({ [NODE]: NEW });
    assert.equal((await book({ kind: 'push' }).follow(NODE, options))?.digest, NEW);
  });
});
