import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { configText } from '../../../src/adapters/git/config-text.ts';
import { run, temporaryFolder } from './git-fixture.ts';
import { runs } from '../../support/runs.ts';

describe('configText', () => {
  it('is read by git as it was meant', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'config');
    const odd = fc.constantFrom(
      'a"b',
      'c\\d',
      ' edge ',
      'x # y',
      'p;q',
      'tab\there',
      'line\nbreak',
      'ö',
      '',
      'end\\',
      'cr\r',
      '[x]',
    );
    const text = fc.oneof(odd, fc.string({ unit: 'grapheme-ascii' }));
    const name = text.filter((each) => !each.includes('\n'));
    await fc.assert(
      fc.asyncProperty(name, text, text, async (subsection, url, merge) => {
        await writeFile(
          file,
          configText([
            { name: 'x', subsection, values: { url, merge } },
            { name: 'y', values: { z: url } },
          ]),
        );
        const listed = run(['git', 'config', '--file', file, '--list', '-z']);
        const expected = `x.${subsection}.url\n${url}\0x.${subsection}.merge\n${merge}\0y.z\n${url}\0`;
        assert.equal(Buffer.from(listed, 'latin1').toString('utf8'), expected);
      }),
      { numRuns: runs(60) },
    );
  });

  it('refuses what the format cannot hold', () => {
    assert.throws(() => configText([{ name: 'x', subsection: 'a\nb', values: {} }]), RangeError);
    assert.throws(() => configText([{ name: 'x', values: { y: '\0' } }]), RangeError);
  });
});
