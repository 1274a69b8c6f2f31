import assert from 'node:assert/strict';
import { readConfig } from '../../../src/config/read-config.ts';
import { htmlText } from '../../../src/report/html.ts';
import { frameOf } from '../../../src/report/page/frame.ts';

/** The frame as text, with what is marked between brackets. */
function shown(frame: string): string {
  const page = frameOf(frame);
  return page === undefined
    ? ''
    : htmlText(page)
        .replaceAll(/<\/?mark>/g, (tag) => (tag === '<mark>' ? '[' : ']'))
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll('&gt;', '>')
        .replaceAll('&lt;', '<');
}

function frameIn(text: string): string {
  return readConfig(text, { repositoryName: 'app' }).diagnostics[0]?.frame ?? '';
}

describe('frame of a finding', () => {
  it('marks in the line what the carets point at', () => {
    assert.equal(
      shown(frameIn('image: node:24\nport: 80\ntasks: []\n')),
      '  1 | image: node:24\n> 2 | [port]: 80\n  3 | tasks: []\n',
    );
  });

  it('marks it behind tabs and wide characters too', () => {
    assert.equal(shown('> 1 | \t文字 x\n    | \t　　 ^\n'), '> 1 | \t文字 [x]\n\n');
  });

  it('marks a place where there is nothing', () => {
    assert.equal(shown('> 1 | a:\n    |   ^'), '> 1 | a:[ ]\n');
  });

  it('leaves what is no frame as it is, and shows no more than a frame has', () => {
    assert.equal(shown('> a\n<b> ^^\n'), '> a\n<b> ^^\n\n');
    assert.equal(shown(''), '');
    assert.equal(shown('x\n'.repeat(500)).split('\n').length, 21);
  });
});
