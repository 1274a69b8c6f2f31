import assert from 'node:assert/strict';
import type { LaidIdentities } from '../../../src/observe/inputs/input-sources.ts';
import { transferOf, type PatchedPath } from '../../../src/observe/inputs/transfer.ts';
import { whyUnfit } from '../../../src/observe/inputs/why-unfit.ts';
import type { StepRecord, Transfer } from '../../../src/observe/step-record.ts';
import { digestOf, parseDiffId } from '../../../src/oci/digest.ts';
import {
  createRepository,
  untilLong,
  type Content,
  type TestRepository,
} from '../../adapters/git/git-fixture.ts';
import { recordFor } from '../../support/records.ts';
import { sourcesAt } from './input-repository.ts';

const FILES: Readonly<Record<string, Content>> = {
  'src/a.ts': 'a\n',
  'src/b.ts': 'b\n',
  'src/deep/c.ts': 'c\n',
};
const TOP = 'workspace/app';
const itself = (path: string): PatchedPath => ({ path: `${TOP}/${path}`, below: false });
const whole = (path: string): PatchedPath => ({ path: `${TOP}/${path}`, below: true });
const OWN: PatchedPath = { path: '.preheat/start', below: true };
const ABOVE: PatchedPath = { path: 'workspace', below: false };

const DIGEST = digestOf('patch');
const RECORD: StepRecord = {
  ...recordFor(
    { staticKey: digestOf('static'), contentKey: digestOf('content') },
    { kind: 'protected', branch: 'main' },
  ),
  rule: 'declared',
  layers: [{ role: 'patch', mediaType: 'm', digest: DIGEST, diffId: parseDiffId(DIGEST), size: 1 }],
};

describe('the layers of a record', () => {
  let repository: TestRepository;
  before(async () => {
    repository = await createRepository();
    await repository.commit(FILES);
  });
  after(async () => await repository[Symbol.asyncDispose]());

  const transferFor = async (patched: readonly PatchedPath[], entries: readonly string[] = []) =>
    await transferOf(
      { patched, claims: { subtrees: [], entries: [...entries] }, checkoutLocation: '/workspace/app' },
      await sourcesAt(repository, 'HEAD'),
      untilLong(),
    );
  const unfitFor = async (record: StepRecord, laid: Partial<LaidIdentities> = {}) => {
    const sources = await sourcesAt(repository, 'HEAD');
    return await whyUnfit(record, { ...sources, laid: { ...sources.laid, ...laid } }, untilLong());
  };
  const unfitAfter = async (patched: PatchedPath, changes: Readonly<Record<string, Content>>) => {
    const transfer = await transferFor([patched]);
    await repository.commit(changes);
    try {
      return await unfitFor({ ...RECORD, transfer });
    } finally {
      repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    }
  };

  for (const [what, patched, changes] of [
    ['a file', whole('src/a.ts'), { 'src/a.ts': 'other\n' }],
    ['the mode of a file', whole('src/a.ts'), { 'src/a.ts': { script: 'a\n' } }],
    ['the attributes of a file', whole('src/a.ts'), { '.gitattributes': '*.ts ident\n' }],
    ['names within what was taken away', whole('src'), { 'src/deep/new': 'new\n' }],
    ['content within what was taken away', whole('src'), { 'src/deep/c.ts': 'other\n' }],
    ['names below a folder that was changed itself', itself('src'), { 'src/deep/new': 'new\n' }],
    ['what was not there', whole('new'), { new: 'now it is\n' }],
    ['the folder of what was not there', whole('new/x/y'), { 'new/z': 'now it is\n' }],
    ['anything, if the index was patched', whole('.git/index'), { other: 'file\n' }],
  ] as const) {
    it(`do not fit after a change of ${what}`, async () => {
      const name = patched.path.slice(TOP.length + 1);
      assert.match((await unfitAfter(patched, changes)) ?? 'they fit', new RegExp(`changed ${name},`));
    });
  }

  for (const [what, patched, changes] of [
    ['another file', whole('src/a.ts'), { 'src/b.ts': 'other\n' }],
    ['content below a folder that was changed itself', itself('src'), { 'src/deep/c.ts': 'other\n' }],
    ['anything, where the configuration of git was patched', whole('.git/config'), { 'src/a.ts': 'other\n' }],
    ['anything, where a folder above the checkout was changed', ABOVE, { new: 'file\n' }],
    ['anything, where preheat’s own files were patched', OWN, { new: 'file\n' }],
  ] as const) {
    it(`fit after a change of ${what}`, async () => {
      assert.equal(await unfitAfter(patched, changes), undefined);
    });
  }

  it('do not fit where what preheat lays itself is another', async () => {
    for (const [patched, laid, name] of [
      [whole('.git/config'), { gitConfig: 'other' }, '.git/config'],
      [OWN, { own: 'other' }, '/.preheat/start'],
    ] as const) {
      const transfer = await transferFor([patched]);
      assert.equal(await unfitFor({ ...RECORD, transfer }), undefined);
      assert.match((await unfitFor({ ...RECORD, transfer }, laid)) ?? '', new RegExp(`changed ${name},`));
    }
    const above = await transferFor([ABOVE]);
    assert.equal(await unfitFor({ ...RECORD, transfer: above }, { own: 'other' }), undefined);
  });

  it('fit nowhere else where a task made something of git’s that follows from the commit', async () => {
    const own = await transferFor([], [`${TOP}/.git/refs/tags/v1`]);
    assert.deepEqual(own, { kind: 'never', why: `a task made ${TOP}/.git/refs/tags/v1` });
    assert.equal(await unfitFor({ ...RECORD, transfer: own }), own.why);
    const hooks = await transferFor([], [`${TOP}/.git/hooks/pre-commit`, `${TOP}/.gitx`]);
    assert.deepEqual(hooks, { kind: 'where', answers: [] });
  });

  it('fit nowhere else where very many sources were changed, or where they do not tell', async () => {
    const many = Array.from({ length: 2_001 }, (_, at) => whole(`src/${at}`));
    const { kind } = await transferFor(many);
    assert.equal(kind, 'never');
    assert.match((await unfitFor(RECORD)) ?? '', /does not say/);
  });

  it('fit everywhere where there are none, and by the whole-tree rule, whose key covers the sources', async () => {
    const never: Transfer = { kind: 'never', why: 'no' };
    assert.equal(await unfitFor({ ...RECORD, transfer: never, layers: [] }), undefined);
    assert.equal(await unfitFor({ ...RECORD, transfer: never, rule: 'whole-tree' }), undefined);
  });
});
