import assert from 'node:assert/strict';
import { parseByteLimit, parseDownloadCache } from '../../src/cli/download-cache-option.ts';
import { readSettings } from '../../src/cli/read-settings.ts';

const namesIn = (text: string): readonly string[] => parseDownloadCache(text).map(({ name }) => name);

describe('the options of the download cache', () => {
  it('name tools, each once, or none', () => {
    assert.deepEqual(namesIn(' pip, npm ,npm'), ['npm', 'pip']);
    assert.deepEqual(namesIn('maven'), ['maven']);
    assert.deepEqual(namesIn('none'), []);
    for (const text of ['npm,none', 'NPM', 'bower', ','])
      assert.throws(() => parseDownloadCache(text), /^RangeError: expected none, or some of npm, pip, maven/);
  });

  it('keep by default only what images leave out', () => {
    const tools = readSettings('build', {}, {})['download-cache'];
    assert.deepEqual(
      tools.map(({ name, leftOut }) => [name, leftOut]),
      [
        ['npm', true],
        ['pip', true],
      ],
    );
  });

  it('read a size', () => {
    assert.equal(parseByteLimit('1G'), 1024 ** 3);
    assert.equal(parseByteLimit('500MB'), 500 * 1024 ** 2);
    assert.equal(parseByteLimit('2GiB'), 2 * 1024 ** 3);
    assert.equal(parseByteLimit(' 70k '), 70 * 1024);
    assert.equal(parseByteLimit('123'), 123);
    for (const text of ['', '0', '-1', '1.5G', '1T', 'G', '1 G'])
      assert.throws(() => parseByteLimit(text), /^RangeError: expected a size such as 500M or 2G/);
  });
});
