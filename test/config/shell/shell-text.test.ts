import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chainsOf } from '../../../src/config/shell/chains.ts';
import { placeTokens } from '../../../src/config/shell/nesting.ts';
import { readShell } from '../../../src/config/shell/shell-text.ts';
import { simpleCommands } from '../../../src/config/shell/simple-commands.ts';
import { runs } from '../../support/runs.ts';

function wordsOf(text: string): readonly string[] {
  return readShell(text).tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : []));
}

/** The chains of a text, each as its commands' words, with `&` where it runs in the background. */
function shapeOf(text: string): readonly string[] {
  return chainsOf(placeTokens(readShell(text).tokens)).map(({ links, isBackground }) => {
    const shown = links.map(({ joint = '', commands }) => {
      const each = commands.map(({ words, compound, isNegated }) => {
        return `${isNegated ? '! ' : ''}${compound ?? words.map((word) => word.text).join(' ')}`;
      });
      return `${joint} ${each.join(' | ')}`.trim();
    });
    return `${shown.join(' ')}${isBackground ? ' &' : ''}`;
  });
}

describe('a shell text', () => {
  it('is words, quotes and substitutions included', () => {
    assert.deepEqual(
      wordsOf(`a 'b c' "d 'e' $(f "g h")" i\\ j $'k\\'l' \`m n\` \${o:-p q} r=(s t) u<(v w)`),
      [
        'a',
        `'b c'`,
        `"d 'e' $(f "g h")"`,
        'i\\ j',
        `$'k\\'l'`,
        '`m n`',
        '${o:-p q}',
        'r=(s t)',
        'u',
        '<(v w)',
      ],
    );
  });

  it('has comments only where a word could begin', () => {
    const { tokens, code } = readShell('a#b # c "d\ne $# ${#f} "# g" #\n');
    assert.deepEqual(
      tokens.map(({ text }) => text),
      ['a#b', '\n', 'e', '$#', '${#f}', '"# g"', '\n'],
    );
    assert.equal(code, 'a#b       \ne $# ${#f} "# g"  \n');
  });

  it('has no commands in here-documents', () => {
    assert.deepEqual(
      shapeOf(
        'cat <<EOF > x; b\nnot a command\n EOF\nEOF\ncat <<-"E F"\n\tno\n\tE F\nc <<< d <<\'G\' <<H\nG\nno\nH\ne',
      ),
      ['cat', 'b', 'cat', 'c', 'e'],
    );
  });

  it('tells of a quote without an end, and where it begins', () => {
    const unclosed = (text: string): number | undefined => readShell(text).unclosed;
    assert.deepEqual(
      [`a 'b`, 'a "b $(c "d")', 'a `b', `a $'b\\'`, `ab'c # d`].map(unclosed),
      [2, 2, 2, 2, 2],
    );
    assert.deepEqual([`a \\'b`, `# it's`, `a "b'c"`, "cat <<E\nit's\nE"].map(unclosed), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is chains of commands', () => {
    assert.deepEqual(shapeOf('A=1 B=2 a b; ! c | d &&\n\n  e >f 2>&1 || g & h\n'), [
      'a b',
      '! c | d && e || g &',
      'h',
    ]);
  });

  it('has compound commands as one, whatever is in them', () => {
    const texts = [
      'if a; then b && c; else d; fi && e',
      'for x in a; do b; done; c',
      'case $x in\n a) b;;\n (c) d ;;\nesac\ne',
      '( a; b ) & c',
      '{ a; b; } || c',
      'while ! a; do b; done > c; d',
      '[[ a && b ]] && c',
      '(( a && b )) && c',
      'f() { a; b; }; c',
      'function f\n{\n a\n}\nc',
      'f ()\n{ a; }\nc',
      'time a; b',
    ];
    assert.deepEqual(texts.map(shapeOf), [
      ['if && e'],
      ['for', 'c'],
      ['case', 'e'],
      ['( &', 'c'],
      ['{ || c'],
      ['while', 'd'],
      ['[[ && c'],
      ['( && c'],
      ['function', 'c'],
      ['function', 'c'],
      ['function', 'c'],
      ['a', 'b'],
    ]);
  });

  it('knows commands inside of compound ones', () => {
    const text = 'if a b; then (c & d); fi; case x in y) e f;; esac; for g in h; do A=1 i; done; "j" k';
    const commands = simpleCommands(placeTokens(readShell(text).tokens));
    assert.deepEqual(
      commands.map((words) => words.map((word) => word.text).join(' ')),
      ['a b', 'c', 'd', 'e f', 'i', '"j" k'],
    );
  });

  it('is read without a fault, whatever it is', () => {
    const piece = fc.constantFrom(
      ...`' " \` $( $(( ) )) \${ } ( { ; & && || | \n # << <<- EOF EOF\n \\ < > <( a if then fi do done case esac in [[ ]] ! function = $' \t`.split(
        ' ',
      ),
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const { tokens, code } = readShell(text);
        assert.equal(code.length, text.length);
        let end = 0;
        for (const token of tokens) {
          assert.ok(token.start >= end && token.end > token.start);
          assert.equal(text.slice(token.start, token.end), token.text);
          end = token.end;
        }
        chainsOf(placeTokens(tokens));
        simpleCommands(placeTokens(tokens));
      }),
      { numRuns: runs(500) },
    );
  });

  it('is read in one go, however long and crooked it is', () => {
    const length = 60_000;
    for (const piece of ['(', '$(', '${', '<(', 'a=(', '"$(', '{ ', 'a <<E\n', '&&\n', '! ', 'if ', 'f()\n'])
      chainsOf(placeTokens(readShell(piece.repeat(length / piece.length)).tokens));
  });
});
