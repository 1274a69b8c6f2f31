import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellQuote } from '../../src/kernel/shell-quote.ts';
import { runs } from '../support/runs.ts';

describe('shellQuote', () => {
  it('leaves plain words as they are', () => {
    assert.equal(shellQuote('--publish=127.0.0.1:80:80/tcp'), '--publish=127.0.0.1:80:80/tcp');
  });

  it('quotes what a shell would take apart', () => {
    assert.equal(shellQuote(''), "''");
    assert.equal(shellQuote("it's $HOME"), String.raw`'it'\''s $HOME'`);
  });

  it('gives words that a shell reads back as they were', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`;
        const printed = execFileSync('sh', ['-c', script]).toString('utf8');
        assert.deepEqual(printed.split('\0').slice(0, -1), words);
      }),
      { numRuns: runs(20) },
    );
  });
});
