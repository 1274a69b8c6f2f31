import assert from 'node:assert/strict';
import { readConfig } from '../../src/config/read-config.ts';
import { readYaml } from '../../src/config/yaml-source.ts';

function messagesFor(text: string): readonly string[] {
  return readYaml(text).findings.map(({ message }) => message);
}

describe('readYaml', () => {
  it('refuses more than 256 KiB, counted in bytes', () => {
    const most = 256 * 1024;
    assert.deepEqual(messagesFor(`#${' '.repeat(most - 1)}`), []);
    assert.deepEqual(messagesFor(`#${' '.repeat(most)}`), ['the file is longer than 256 KiB']);
    assert.deepEqual(messagesFor(`#${'ü'.repeat(most / 2)}`), ['the file is longer than 256 KiB']);
  });

  it('refuses deep nesting in every style', () => {
    const depth = 150;
    const texts = [
      '['.repeat(depth) + ']'.repeat(depth),
      '{a: '.repeat(depth) + '}'.repeat(depth),
      '- '.repeat(depth),
      Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
      '['.repeat(50_000),
      '- '.repeat(50_000),
    ];
    for (const text of texts)
      assert.ok(messagesFor(text).includes('the file is nested too deeply'), text.slice(0, 20));
  });

  it('refuses alias bombs and crowds of aliases', () => {
    const bomb = [
      'a: &a [x, x, x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const below = String.fromCharCode('a'.charCodeAt(0) + index);
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${below}`).join(', ')}]`;
      }),
    ].join('\n');
    assert.deepEqual(messagesFor(bomb), ['the aliases of the file expand to too much']);
    const crowd = Array.from({ length: 9000 }, (_, index) => `- &a${index} x\n- *a${index}\n`).join('');
    assert.deepEqual(messagesFor(crowd), ['the file holds more than 200 aliases']);
  });

  it('refuses a loop of aliases', () => {
    assert.deepEqual(messagesFor('a: &a\n  b: [*a]'), ['the alias "a" stands inside of its own anchor']);
  });

  it('takes a directive of YAML 1.1 for what Gitpod’s parser made of it: nothing', () => {
    assert.deepEqual(readYaml('%YAML 1.1\n---\nname: yes\ndate: !!timestamp 2026-01-01\n').value, {
      name: 'yes',
      date: '2026-01-01',
    });
  });

  it('survives wide maps and crowds of errors', () => {
    const wide = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    assert.deepEqual(messagesFor(wide), []);
    const { diagnostics } = readConfig('}\n'.repeat(20_000), { repositoryName: 'app' });
    assert.equal(diagnostics.length, 101);
    assert.equal(diagnostics.at(-1)?.message, '19900 more findings are not shown');
  });

  it('keeps errors when there are too many warnings before them', () => {
    const text = `${Array.from({ length: 300 }, (_, index) => `key${index}: 1`).join('\n')}\nimage: 3\n`;
    const { config, diagnostics } = readConfig(text, { repositoryName: 'app' });
    assert.equal(config, undefined);
    assert.ok(diagnostics.some(({ path }) => path === 'image'));
  });
});
