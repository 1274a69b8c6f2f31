import { trusted, type Html } from './html.ts';

/**
 * The style sheet of the report: system fonts, light and dark by the reader's setting, readable on a phone and
 * on paper.
 */
export const pageStyle: Html = trusted`
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #e3e8ef);
  --quiet: light-dark(#596579, #9aa6b8);
  --line: light-dark(#d9dfe8, #333d4b);
  --panel: light-dark(#f5f7fa, #1d242e);
  --ground: light-dark(#ffffff, #14191f);
  --good: light-dark(#16713a, #5fce8a);
  --bad: light-dark(#b3261e, #ff8a80);
  --bar: light-dark(#2f6fd0, #6ea3f5);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 3rem; color: var(--text); background: var(--ground);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: .375rem;
  white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .375rem .75rem .375rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--quiet); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.quiet { color: var(--quiet); }
.warm, .reused, .done { color: var(--good); }
.not-warm, .interrupted, .failed { color: var(--bad); }
.scroll { overflow-x: auto; }
.time { width: 35%; min-width: 8rem; }
.bar { display: block; height: .75rem; margin-top: .375rem; min-width: 2px; border-radius: 2px; background: var(--bar); }
.bar.reused { background: var(--good); }
.bar.failed { background: var(--bad); }
`;
