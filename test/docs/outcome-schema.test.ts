import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { Outcome } from '../../src/report/outcome.ts';
import { failedOutcome, greedyOutcome, interruptedOutcome, warmOutcome } from '../report/sample-outcome.ts';

const FILE = fileURLToPath(new URL('../../docs/outcome.schema.json', import.meta.url));

/** The schema as readers need it: they must take members that later versions add. */
async function schemaText(): Promise<string> {
  const { $schema, ...schema } = z.toJSONSchema(Outcome, { target: 'draft-2020-12', io: 'input' });
  const titled = { $schema, title: 'outcome.json of preheat build', ...schema };
  return format(JSON.stringify(titled), { ...(await resolveConfig(FILE)), parser: 'json' });
}

describe('docs/outcome.schema.json', () => {
  it('says what the code says (UPDATE_GOLDEN=1 writes it anew)', async () => {
    const expected = await schemaText();
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(FILE, expected);
    assert.equal(await readFile(FILE, 'utf8'), expected);
  });

  it('takes what is written, and refuses what is not', async () => {
    const isOutcome = new Ajv2020({ strict: true }).compile(JSON.parse(await readFile(FILE, 'utf8')));
    for (const outcome of [warmOutcome, failedOutcome, greedyOutcome, interruptedOutcome]) {
      assert.ok(isOutcome(JSON.parse(JSON.stringify(outcome))), JSON.stringify(isOutcome.errors));
    }
    assert.ok(isOutcome({ ...warmOutcome, later: true }));
    assert.ok(!isOutcome({ ...warmOutcome, result: 'lukewarm' }));
    const { commit: _commit, ...incomplete } = warmOutcome;
    assert.ok(!isOutcome(incomplete));
  });
});
