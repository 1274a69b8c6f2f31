import { html, trusted, type Html } from '../html.ts';
import { adaptStyle } from './adapt-style.ts';
import { drawingStyle } from './drawing-style.ts';
import { paletteStyle } from './palette.ts';

/** The style sheet of the page: system fonts, the palette, and one column that any screen holds. */
export function pageStyle(): Html {
  return html`${paletteStyle()}${ground}${blocks}${drawingStyle}${adaptStyle}`;
}

const ground = trusted`
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 70rem; padding: 1.25rem clamp(1rem, 4vw, 2.5rem) 3rem; color: var(--text);
  background: var(--ground); font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; overflow-wrap: anywhere; }
main:focus { outline: none; }
:focus-visible { outline: 3px solid var(--info); outline-offset: 2px; border-radius: .25rem; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; line-height: 1.4; }
.output-title { font-size: .95rem; margin-top: 1rem; }
a { color: var(--info); }
code, pre { font: .875em/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.quiet, .more { color: var(--quiet); }
.more { margin-top: .75rem; }
.dot { color: var(--quiet); margin: 0 .15rem; }
.number, .amount { font-variant-numeric: tabular-nums; white-space: nowrap; }
.number { text-align: right; }
.failed { color: var(--bad); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--panel); z-index: 1; }
.skip:focus { top: .5rem; }
`;

const blocks = trusted`
.masthead { display: flex; align-items: center; gap: .6rem; margin-bottom: 1.25rem; }
.brand { font-weight: 700; letter-spacing: -.01em; }
.logo-cold { fill: var(--quiet); opacity: .55; }
.logo-warm { fill: var(--good-fill); }
.logo-hot { fill: var(--ember-fill); }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
.part { margin-top: 2.75rem; scroll-margin-top: 1rem; }
.part > h2 { margin-bottom: .6rem; }
.lead { margin-bottom: .9rem; max-width: 48rem; color: var(--quiet); }
.lead strong { color: var(--text); }

.verdict { display: flex; flex-wrap: wrap; gap: 1.5rem 2.5rem; align-items: center; justify-content: space-between;
  padding: clamp(1.25rem, 4vw, 2.25rem); border-radius: 1rem; border: 1px solid var(--line); background: var(--panel); }
.verdict.warm { background: linear-gradient(115deg, var(--panel) 35%, var(--glow)); }
.verdict.not-warm { background: linear-gradient(115deg, var(--panel) 35%, var(--bad-tint)); }
.verdict.interrupted { background: linear-gradient(115deg, var(--panel) 35%, var(--warn-tint)); }
.verdict-text { flex: 1 1 26rem; min-width: 0; }
.subject { color: var(--quiet); }
.subject strong { color: var(--text); }
h1 { margin: .4rem 0 .3rem; font-size: clamp(2.1rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -.03em; font-weight: 750; }
.mark { font-size: .8em; }
.warm .mark { color: var(--good); }
.not-warm .mark { color: var(--bad); }
.interrupted .mark { color: var(--warn); }
.after { font-weight: 400; color: var(--quiet); letter-spacing: -.02em; }
.meaning { max-width: 40rem; font-size: 1.05rem; margin-bottom: 1.1rem; }
.commands { display: grid; gap: .75rem; margin-bottom: 1rem; }
.command { max-width: 46rem; }
.command figcaption { font-size: .875rem; color: var(--quiet); margin-bottom: .2rem; }
.command pre { padding: .6rem .9rem; background: var(--sunk); border: 1px solid var(--line); border-radius: .5rem; }
.command code { user-select: all; -webkit-user-select: all; }
.commands .command code::before { content: '$ '; content: '$ ' / ''; color: var(--quiet); }

.price { position: relative; flex: 0 1 17rem; padding: 1.3rem 1.5rem 1.3rem 4rem; border-radius: 1rem; background: var(--ember); color: var(--panel);
  clip-path: polygon(2.1rem 0, 100% 0, 100% 100%, 2.1rem 100%, 0 50%); }
.price::before { content: ''; position: absolute; left: 1.6rem; top: 50%; width: 1rem; height: 1rem; margin-top: -.5rem; border-radius: 50%; background: var(--panel); }
.price-from, .price-note { font-size: .9rem; line-height: 1.4; }
.price-bytes { font-size: 2.4rem; line-height: 1.3; font-weight: 750; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }

.figures { margin-top: 1rem; }
.figures dl { display: flex; flex-wrap: wrap; gap: .75rem; }
.figures dl > div { flex: 1 1 9.5rem; max-width: 22rem; background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; padding: .8rem 1rem; }
.figures dt { font-size: .85rem; color: var(--quiet); }
.figures strong { display: block; font-size: 1.4rem; line-height: 1.35; letter-spacing: -.01em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures dd span { font-size: .85rem; }

.contents { margin-top: 1.25rem; }
.contents ul { display: flex; flex-wrap: wrap; gap: .35rem .5rem; }
.contents a { display: block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--panel); color: var(--text);
  text-decoration: none; font-size: .9rem; }
.contents a:hover { border-color: var(--ember-fill); text-decoration: underline; }

.chips { margin: .35rem 0; }
.chip { display: inline-block; max-width: 100%; padding: .05rem .55rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--sunk);
  color: var(--text); font-size: .8125rem; font-weight: 500; line-height: 1.5; margin: .1rem .1rem .1rem 0; }
.chip.reused, .chip.has { color: var(--good); background: var(--good-tint); border-color: currentColor; }
.chip.new, .chip.ran { color: var(--ember); background: var(--glow); border-color: currentColor; }
.chip.failed, .chip.bad, .chip.error { color: var(--bad); background: var(--bad-tint); border-color: currentColor; }
.chip.warning { color: var(--warn); background: var(--warn-tint); border-color: currentColor; }
.chip.info { color: var(--info); background: var(--info-tint); border-color: currentColor; }

.trouble { border-color: var(--bad); }
.message { margin: .6rem 0 .4rem; font-weight: 600; color: var(--bad); }
.trouble .command { margin-top: .9rem; }
.output { margin-top: .35rem; padding: .8rem 1rem; max-height: 24rem; overflow: auto; display: flex; flex-direction: column-reverse; background: var(--sunk); border: 1px solid var(--line);
  border-radius: .5rem; }

.cards { display: grid; gap: .75rem; }
.step .reason, .finding p { margin-top: .25rem; }
.step h3 .chip { margin-left: .4rem; vertical-align: .1em; }
.finding .chip { margin-right: .3rem; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin-top: .6rem; font-size: .9rem; }
.facts dt { color: var(--quiet); font-size: .8rem; }
.change { margin-top: .5rem; padding: .45rem .8rem; background: var(--sunk); border-radius: .5rem; font-size: .95rem; }
.before-after { margin: 0 .3rem; }
.old { color: var(--bad); text-decoration: line-through; }
.new { color: var(--good); }
.frame { margin: .6rem 0; padding: .6rem 0; background: var(--sunk); border: 1px solid var(--line); border-radius: .5rem; }
.frame .row { display: block; padding: 0 .9rem 0 .65rem; border-left: .25rem solid transparent; color: var(--quiet); }
.frame .here { color: var(--text); border-left-color: currentColor; }
.frame mark { color: inherit; background: none; text-decoration: underline 2px; text-underline-offset: .25em; font-weight: 700; }
.error .frame mark { text-decoration-color: var(--bad); }
.warning .frame mark { text-decoration-color: var(--warn); }
.info .frame mark { text-decoration-color: var(--info); }
.list { display: grid; gap: .4rem; }
.list li { padding-left: 1.3rem; text-indent: -1.3rem; }
.list li::before { content: '▲'; color: var(--warn); display: inline-block; width: 1.3rem; text-indent: 0; font-size: .8em; }
summary { cursor: pointer; color: var(--info); padding: .15rem 0; width: fit-content; }
summary:hover { text-decoration: underline; }
.fold { margin-top: .75rem; }
.fold > ul { margin-top: .75rem; }

.scroll { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; padding: .5rem 1.25rem; margin-top: .75rem; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; overflow-wrap: normal; }
caption { text-align: left; color: var(--quiet); font-size: .875rem; padding: .35rem 0; }
th, td { padding: .45rem 1.25rem .45rem 0; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; }
td bdi, th bdi { display: inline-block; max-width: 16rem; overflow-wrap: break-word; white-space: normal; vertical-align: bottom; }
thead th { color: var(--quiet); border: 0; font-size: .8125rem; white-space: nowrap; }
td { white-space: nowrap; }
td .chip { max-width: 17rem; white-space: normal; }
td.number, th.number { text-align: right; }
.particulars { display: grid; gap: .5rem; }
.particulars > div { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; }
.particulars dt { color: var(--quiet); }
footer { margin-top: 3rem; font-size: .875rem; }
`;
