import assert from 'node:assert/strict';
import { moveHints } from '../../src/publish/move-hints.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';
import { silentLog } from '../support/silent-log.ts';

const OURS = digestOf('our image');
const THEIRS = digestOf('their image');
const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)] as const;
const options = { signal: new AbortController().signal };

interface Hint {
  readonly digest: Digest;
  readonly revision?: string;
}

/** A target that has only hints; `tag` fails where it is told to. */
function targetWith(hints: Readonly<Record<string, Hint>>, refuses = false) {
  const moved: string[] = [];
  const target: Pick<ContentStore, 'readManifest'> & Pick<Uploader, 'tag'> = {
    readManifest: async (tag) => {
      const hint = hints[tag];
      if (hint === undefined) return undefined;
      const descriptor = { mediaType: 'm', digest: hint.digest, size: 1 };
      const annotations = hint.revision === undefined ? {} : { [ANNOTATION.revision]: hint.revision };
      return { descriptor, manifest: { schemaVersion: 2, config: descriptor, layers: [], annotations } };
    },
    tag: async (_digest, tags) => {
      if (refuses) throw new Error('the registry refuses tags');
      moved.push(...tags);
    },
  };
  return { moved, target: target as ContentStore & Uploader };
}

function move(commit: string, hints: Readonly<Record<string, Hint>>, refuses = false) {
  const { moved, target } = targetWith(hints, refuses);
  const { log, lines } = silentLog();
  const isAncestor = async (ancestor: string, descendant: string) => ancestor === OLD && descendant === NEW;
  const request = { digest: OURS, commit, tags: ['branch-main'], isAncestor };
  return { moved, lines, reached: moveHints(request, { target, log }, options) };
}

describe('moveHints', () => {
  it('sets a hint that is not there', async () => {
    const { moved, reached } = move(NEW, {});
    assert.deepEqual([await reached, moved], [['branch-main'], ['branch-main']]);
  });

  it('leaves one alone that means the image already', async () => {
    const { moved, reached } = move(NEW, { 'branch-main': { digest: OURS } });
    assert.deepEqual([await reached, moved], [['branch-main'], []]);
  });

  it('moves one forward, over to another line of history, and from what is no image of ours', async () => {
    for (const revision of [OLD, 'c'.repeat(40), undefined]) {
      const hint = revision === undefined ? { digest: THEIRS } : { digest: THEIRS, revision };
      const { moved, reached } = move(NEW, { 'branch-main': hint });
      assert.deepEqual([await reached, moved], [['branch-main'], ['branch-main']]);
    }
  });

  it('does not turn one back, and says so', async () => {
    const { moved, lines, reached } = move(OLD, { 'branch-main': { digest: THEIRS, revision: NEW } });
    assert.deepEqual([await reached, moved], [[], []]);
    assert.deepEqual(lines, ['branch-main stays on a newer commit']);
  });

  it('is no reason to fail', async () => {
    const { lines, reached } = move(NEW, {}, true);
    assert.deepEqual(await reached, []);
    assert.deepEqual(lines, ['cannot move branch-main: the registry refuses tags']);
  });
});
