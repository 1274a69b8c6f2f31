import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { configText } from '../../../src/adapters/git/config-text.ts';
import { settingSections } from '../../../src/adapters/git/git-settings.ts';
import { runs } from '../../support/runs.ts';
import { run, temporaryFolder } from './git-fixture.ts';

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,5}$/);
const middle = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !/[\n\0]/.test(text));
const setting = fc
  .record({ section: word, middle: fc.option(middle), key: word })
  .map(({ section, middle: below, key }) =>
    below === null ? `${section}.${key}` : `${section}.${below}.${key}`,
  );
const value = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'));

describe('settingSections', () => {
  it('are read by git as they were given, in the order of their names', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'config');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(setting, value, { maxKeys: 4 }), async (settings) => {
        await writeFile(file, configText(settingSections(settings)));
        const listed = run(['git', 'config', '--file', file, '--null', '--list']);
        const read = Buffer.from(listed, 'latin1').toString('utf8').split('\0').slice(0, -1);
        const lower = (name: string): string =>
          name
            .replace(/^[^.]*/, (part) => part.toLowerCase())
            .replace(/[^.]*$/, (part) => part.toLowerCase());
        const expected = Object.entries(settings)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, text]) => `${lower(name)}\n${text}`);
        assert.deepEqual(read, expected);
      }),
      { numRuns: runs(60) },
    );
  });

  it('give equal bytes for equal settings', () => {
    const text = (settings: Readonly<Record<string, string>>): string =>
      configText(settingSections(settings));
    assert.equal(text({ 'a.b': '1', 'c.d.e': '2' }), text({ 'c.d.e': '2', 'a.b': '1' }));
  });
});
