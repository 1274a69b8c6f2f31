import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from './cases.ts';
import { renderPage } from './page.ts';
import { otherDifferences, REFEREES, verdictsOf, type Verdict } from './verdicts.ts';
import { witnessCases, type Witness } from './witness.ts';

const PAGE = join(import.meta.dirname, '../../docs/fidelity.md');
const LONGEST_MS = 600_000;

describe('what a published image keeps of the file system in which its tasks ended', () => {
  let witness: Witness;
  let verdicts: ReadonlyMap<string, Verdict>;

  before(async function make() {
    this.timeout(LONGEST_MS);
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-fidelity-'));
    witness = await witnessCases(folder.path, { signal: AbortSignal.timeout(LONGEST_MS) });
    verdicts = new Map(verdictsOf(witness).map((verdict) => [verdict.tried.name, verdict]));
  });

  for (const { name, paths, refused, losses } of CASES) {
    it(name, () => {
      for (const path of paths) {
        assert.ok(witness.original.has(path.replace(/\/$/, '')), `the task did not leave /${path}`);
      }
      const verdict = verdicts.get(name);
      assert.deepEqual(verdict?.losses, { layers: [], docker: [], umoci: [], ...losses });
      assert.ok(verdict.refused, `not refused by name: ${refused?.join(', ')}`);
    });
  }

  for (const referee of REFEREES) {
    it(`everything else, as seen by ${referee}`, () => {
      assert.ok(witness.seen[referee].size > 1000);
      assert.deepEqual(otherDifferences(witness, referee), []);
    });
  }

  it('names the extended attributes that it leaves out', () => {
    for (const name of ['user.a=b', 'user.100%']) {
      const told = `the extended attribute ${name} of /made/attribute-names/file is not kept`;
      assert.ok(witness.log.includes(told), witness.log);
    }
  });

  it('is what docs/fidelity.md says (UPDATE_GOLDEN=1 writes it anew)', async () => {
    const page = await renderPage([...verdicts.values()]);
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(PAGE, page);
    assert.equal(await readFile(PAGE, 'utf8'), page);
  });
});
