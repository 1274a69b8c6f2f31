import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { readConfig } from '../../src/config/read-config.ts';
import { countOf, renderDiagnostics } from '../../src/config/render-diagnostics.ts';

const { diagnostics } = readConfig('image: 3\ntsks: []\ncoreDump: {}\n', { repositoryName: 'app' });

describe('renderDiagnostics', () => {
  it('writes nothing for nothing', () => {
    assert.equal(renderDiagnostics('.gitpod.yml', [], { color: true }), '');
  });

  it('writes the place as editors and terminals link it, the frame and the suggestion', () => {
    assert.equal(
      renderDiagnostics('sub/.gitpod.yml', diagnostics.slice(0, 2), { color: false }),
      [
        'sub/.gitpod.yml:1:8 error image: expected a string or a map, got the number 3',
        '> 1 | image: 3',
        '    |        ^',
        '  2 | tsks: []',
        '  put it in quotes: "3"',
        '',
        'sub/.gitpod.yml:2:1 warning unknown key "tsks"',
        '  1 | image: 3',
        '> 2 | tsks: []',
        '    | ^^^^',
        '  3 | coreDump: {}',
        '  did you mean "tasks"?',
        '',
        '1 error, 1 warning',
        '',
      ].join('\n'),
    );
  });

  it('differs with colours by colours only', () => {
    const colored = renderDiagnostics('f', diagnostics, { color: true });
    const plain = renderDiagnostics('f', diagnostics, { color: false });
    assert.ok(colored.includes('\u001B[31merror\u001B[0m'));
    assert.ok(!plain.includes('\u001B'));
    assert.equal(stripVTControlCharacters(colored), plain);
  });

  it('counts what there is', () => {
    assert.equal(countOf(diagnostics), '1 error, 1 warning, 1 note');
    assert.equal(countOf([]), '');
  });
});
