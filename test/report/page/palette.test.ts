import assert from 'node:assert/strict';
import { htmlText } from '../../../src/report/html.ts';
import { palette, paletteStyle } from '../../../src/report/page/palette.ts';

type Name = keyof typeof palette;

/** Relative luminance (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What is written on what. */
const texts: readonly (readonly [texts: readonly Name[], grounds: readonly Name[]])[] = [
  [
    ['text', 'quiet'],
    ['ground', 'panel', 'sunk', 'glow', 'bad-tint', 'warn-tint'],
  ],
  [['info'], ['ground', 'panel', 'info-tint']],
  [['ember'], ['panel', 'glow']],
  [['good'], ['panel', 'sunk', 'glow', 'good-tint']],
  [['bad'], ['panel', 'sunk', 'bad-tint']],
  [['warn'], ['panel', 'warn-tint']],
];

/** What is drawn on what (https://www.w3.org/TR/WCAG22/#non-text-contrast). */
const drawings: readonly (readonly [drawings: readonly Name[], grounds: readonly Name[]])[] = [
  [['ember-fill', 'good-fill', 'bad-fill'], ['panel']],
  [['info'], ['ground', 'panel']],
];

describe('palette of the page', () => {
  it('measures contrast as it is defined', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  });

  for (const [what, pairs, least] of [
    ['every text', texts, 4.5],
    ['every drawing', drawings, 3],
  ] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`lets ${what} be seen, ${scheme}`, () => {
        const faint = pairs.flatMap(([names, grounds]) =>
          names.flatMap((name) =>
            grounds
              .map(
                (ground) => [name, ground, contrast(palette[name][scheme], palette[ground][scheme])] as const,
              )
              .filter(([, , ratio]) => ratio < least),
          ),
        );
        assert.deepEqual(faint, []);
      });
    }
  }

  it('is what the style sheet declares, dark on screens alone', () => {
    const [light = '', dark = ''] = htmlText(paletteStyle()).split('@media screen');
    for (const [name, colour] of Object.entries(palette)) {
      assert.ok(light.includes(`--${name}: ${colour.light};`), name);
      assert.ok(dark.includes(`--${name}: ${colour.dark};`), name);
    }
  });
});
