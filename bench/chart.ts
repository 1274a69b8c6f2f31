/** Bars that belong together. */
export interface BarGroup {
  readonly label: string;
  /** A value above 0 for each series, in their order; absent where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** Groups under a title. */
export interface Panel {
  readonly title: string;
  readonly groups: readonly BarGroup[];
}

/** Grouped bars on a logarithmic axis. */
export interface Chart {
  readonly title: string;
  /** Names of the series; the first is the one that the others are held against. */
  readonly series: readonly string[];
  readonly panels: readonly Panel[];
  readonly format: (value: number) => string;
}

const WIDTH = 820;
const LEFT = 130;
const RIGHT = 70;
const BAR = 13;
const GAP = 12;
const HEAD = 78;
const PANEL_HEAD = 34;
const FOOT = 34;

/** Readable on light and on dark ground: an SVG in a Markdown page is asked for its colours by the reader's browser. */
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; font-size: 14px; }
.axis { stroke: #d1d9e0; }
.s0 { fill: #0969da; } .s1 { fill: #bc4c00; } .s2 { fill: #bf8700; } .s3 { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .axis { stroke: #3d444d; }
  .s0 { fill: #58a6ff; } .s1 { fill: #f0883e; } .s2 { fill: #e3b341; } .s3 { fill: #7d8590; }
}`;

/** Draws it as SVG, the values beside their bars as text. */
export function drawChart(chart: Chart): string {
  const axis = logAxis(valuesOf(chart));
  const panels: string[] = [];
  let top = HEAD;
  for (const panel of chart.panels) {
    panels.push(drawPanel(panel, top, axis, chart.format));
    top += panelHeight(panel);
  }
  const height = top + FOOT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(chart.title)}</title>
<style>${STYLE}
</style>
${textAt(8, 22, chart.title, 'title')}
${drawLegend(chart.series)}
${drawAxis(axis, HEAD, top, chart.format)}
${panels.join('\n')}
</svg>
`;
}

interface Axis {
  /** Powers of ten at its ends. */
  readonly from: number;
  readonly to: number;
  x(value: number): number;
}

/** An axis of whole decades around all values. */
function logAxis(values: readonly number[]): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(Math.ceil(Math.log10(Math.max(...values))), from + 1);
  const x = (value: number): number =>
    LEFT + ((Math.log10(value) - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  return { from, to, x };
}

function valuesOf({ panels }: Chart): readonly number[] {
  const values = panels.flatMap(({ groups }) => groups.flatMap((group) => group.values));
  return values.filter((value) => value !== undefined);
}

function panelHeight({ groups }: Panel): number {
  return PANEL_HEAD + groups.reduce((total, group) => total + groupHeight(group), 0);
}

function groupHeight({ values }: BarGroup): number {
  return present(values).length * BAR + GAP;
}

function present(values: BarGroup['values']): readonly { readonly value: number; readonly series: number }[] {
  return values.flatMap((value, series) => (value === undefined ? [] : [{ value, series }]));
}

function drawPanel(panel: Panel, top: number, axis: Axis, format: Chart['format']): string {
  const parts = [textAt(8, top + 20, panel.title, 'title')];
  let y = top + PANEL_HEAD;
  for (const group of panel.groups) {
    parts.push(textAt(LEFT - 8, y + BAR - 3, group.label, undefined, 'end'));
    for (const [index, bar] of present(group.values).entries())
      parts.push(drawBar(bar.value, bar.series, y + index * BAR, axis, format));
    y += groupHeight(group);
  }
  return parts.join('\n');
}

function drawBar(value: number, series: number, y: number, axis: Axis, format: Chart['format']): string {
  const end = axis.x(value);
  const bar = `<rect class="s${series}" x="${LEFT}" y="${y}" width="${(end - LEFT).toFixed(1)}" height="${BAR - 2}"/>`;
  return `${bar}${textAt(end + 5, y + BAR - 3, format(value))}`;
}

function drawLegend(series: readonly string[]): string {
  const column = (WIDTH - LEFT) / series.length;
  return series
    .map((name, index) => {
      const x = LEFT + index * column;
      return `<rect class="s${index}" x="${x}" y="36" width="12" height="12"/>${textAt(x + 18, 46, name)}`;
    })
    .join('\n');
}

function drawAxis({ from, to, x }: Axis, top: number, bottom: number, format: Chart['format']): string {
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index))
    .map((value) => {
      const at = x(value).toFixed(1);
      const line = `<line class="axis" x1="${at}" y1="${top}" x2="${at}" y2="${bottom}"/>`;
      return `${line}${textAt(Number(at), bottom + 18, format(value), undefined, 'middle')}`;
    })
    .join('\n');
}

function textAt(x: number, y: number, text: string, name?: string, anchor = 'start'): string {
  const className = name === undefined ? '' : ` class="${name}"`;
  return `<text${className} x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
