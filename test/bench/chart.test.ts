import assert from 'node:assert/strict';
import { drawChart, type Chart } from '../../bench/chart.ts';
import { pushChart } from '../../bench/push-chart.ts';
import { secondsText } from '../../bench/quantity-text.ts';
import { rowOf } from './rows.ts';

const CHART: Chart = {
  title: 'Time & <more>',
  series: ['own', 'other'],
  format: secondsText,
  panels: [
    {
      title: 'one',
      groups: [
        { label: 'a', values: [0.5, 5] },
        { label: 'b', values: [50, undefined] },
      ],
    },
  ],
};

/** The bars with their series and widths, in order. */
function bars(svg: string): readonly { readonly series: number; readonly width: number }[] {
  return [...svg.matchAll(/<rect class="s(\d)" x="130" y="\d+" width="([\d.]+)" height="11"/g)].map(
    ([, series, width]) => ({
      series: Number(series),
      width: Number(width),
    }),
  );
}

describe('the chart', () => {
  const svg = drawChart(CHART);

  it('has a bar for each value, as long as its logarithm', () => {
    const [first, second, third] = bars(svg);
    assert.deepEqual(
      bars(svg).map(({ series }) => series),
      [0, 1, 0],
    );
    assert.ok(first && second && third);
    // Each is ten times the one before.
    assert.ok(Math.abs(second.width - first.width - (third.width - second.width)) < 0.2);
    assert.ok(first.width > 0 && third.width > second.width);
  });

  it('has its words as text, and escapes them', () => {
    assert.match(svg, /<title>Time &amp; &lt;more&gt;<\/title>/);
    for (const word of ['own', 'other', 'one', 'a', 'b', '0.5 s', '5.0 s', '50.0 s', '0.1 s', '100.0 s'])
      assert.ok(svg.includes(`>${word}</text>`), word);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  });

  it('keeps everything within its height', () => {
    const height = Number(/viewBox="0 0 \d+ (\d+)"/.exec(svg)?.[1]);
    const all = [...svg.matchAll(/ y2?="(\d+)"/g)].map(([, y]) => Number(y));
    assert.ok(all.length > 10 && all.every((y) => y < height), `${Math.max(...all)} of ${height}`);
  });

  it('has colours for dark ground', () => {
    assert.match(svg, /prefers-color-scheme: dark/);
  });

  it('shows the median of each push, by subject', () => {
    const rows = [
      rowOf('cold', 'own', { seconds: 1 }, { seconds: 3 }, { seconds: 2 }),
      rowOf('cold', 'other', { seconds: 20 }),
      { ...rowOf('no-op', 'own', { seconds: 7 }), subject: 'c-make' },
    ];
    const drawn = pushChart(rows, ['own', 'other']);
    for (const word of ['node', 'c-make', 'cold', 'no-op', '2.0 s', '20.0 s', '7.0 s'])
      assert.ok(drawn.includes(`>${word}</text>`), word);
    assert.equal(bars(drawn).length, 3);
  });
});
