import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { KeyframeText, keyframeText, type Keyframe } from '../../src/observe/keyframe.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';

const id = fc.constantFrom('a'.repeat(40), '0'.repeat(64));
/** Bytes as latin1 text, and names that mean something to JavaScript. */
const path = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom('__proto__', 'constructor', 'café', 'a/b'),
);
const digest = fc.string().map((text) => digestOf(text));
const entry = fc.tuple(path, fc.constantFrom(0o100644, 0o40000), id);

const keyframe: fc.Arbitrary<Keyframe> = fc.record({
  schemaVersion: fc.constant(1 as const),
  layer: fc.record({
    role: fc.constant('source' as const),
    mediaType: fc.constant('application/vnd.oci.image.layer.v1.tar+gzip'),
    digest,
    diffId: digest.map((each) => parseDiffId(each)),
    size: fc.nat(),
  }),
  location: fc.constant('/workspace/app'),
  owner: fc.record({ uid: fc.nat(), gid: fc.nat() }),
  historyDepth: fc.nat(),
  checkout: fc.record({
    commit: id,
    cut: fc.array(id),
    mode: fc.record({
      submodules: fc.constantFrom('recursive' as const, 'none' as const),
      lfs: fc.constantFrom('pointers' as const, 'contents' as const),
    }),
    submodules: fc.array(
      fc.record({ path, gitPath: path, commit: id, tree: id, entries: fc.array(entry, { maxLength: 3 }) }),
      { maxLength: 2 },
    ),
    gitFiles: fc.array(fc.tuple(path, digest), { maxLength: 3 }),
    gitFolders: fc.array(path, { maxLength: 3 }),
    packs: fc.array(path, { maxLength: 3 }),
    sizes: fc.array(fc.tuple(path, fc.nat()), { maxLength: 3 }),
  }),
  files: fc.array(fc.tuple(path, fc.constant(0o644), digest), { maxLength: 3 }),
});

describe('a keyframe as text', () => {
  it('comes back as it was, names that are not UTF-8 too', () => {
    fc.assert(
      fc.property(keyframe, (written) => {
        assert.deepEqual(KeyframeText.parse(keyframeText(written)), JSON.parse(JSON.stringify(written)));
      }),
    );
  });

  it('is refused where it is none', () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '), { level: 1 }).toString('base64');
    const none = gzipSync('{"schemaVersion":2}').toString('base64');
    for (const text of ['', 'no base64!', gzipSync('{').toString('base64'), none, bomb])
      assert.equal(KeyframeText.safeParse(text).success, false);
  });
});
