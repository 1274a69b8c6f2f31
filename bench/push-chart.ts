import { drawChart } from './chart.ts';
import { medianOf } from './medians.ts';
import type { Row } from './measurement.ts';
import { secondsText } from './quantity-text.ts';

/** The wall time of all pushes as an SVG, a panel for each subject. */
export function pushChart(rows: readonly Row[], contenders: readonly string[]): string {
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const panels = [...bySubject].map(([title, ofSubject]) => {
    const byPush = Map.groupBy(ofSubject, ({ push }) => push);
    const groups = [...byPush].map(([label, ofPush]) => ({ label, values: valuesOf(ofPush, contenders) }));
    return { title, groups };
  });
  return drawChart({
    title: 'From push to published image (wall time, logarithmic; shorter is better)',
    series: contenders,
    panels,
    format: secondsText,
  });
}

function valuesOf(rows: readonly Row[], contenders: readonly string[]): readonly (number | undefined)[] {
  return contenders.map((name) => {
    const row = rows.find(({ contender }) => contender === name);
    return row && medianOf(row, 'seconds');
  });
}
