import { trusted, type Html } from '../html.ts';

/** The style of what is drawn: the waterfall, the stack of layers, the chart. Patterns tell apart what colours do. */
export const drawingStyle: Html = trusted`
.fill-done, .fill-new { background: var(--ember-fill); }
.fill-reused { background: repeating-linear-gradient(135deg, var(--good-fill) 0 4px, var(--good-tint) 4px 8px); box-shadow: inset 0 0 0 1.5px var(--good-fill); }
.fill-failed { background: repeating-linear-gradient(90deg, var(--bad-fill) 0 3px, var(--bad-tint) 3px 5px); box-shadow: inset 0 0 0 1.5px var(--bad-fill); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.25rem; margin-top: .9rem; font-size: .875rem; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: .45rem; }
.swatch { width: 1.4rem; height: .85rem; border-radius: .2rem; }

.axis { display: grid; grid-template-columns: 15rem 1fr; }
.ticks { grid-column: 2; position: relative; height: 1.5rem; font-size: .8rem; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.tick { position: absolute; transform: translateX(-50%); }
.tick.first { transform: none; }
.tick.last { transform: translateX(-100%); }
.stage { display: grid; grid-template-columns: 10rem 5rem 1fr; grid-template-areas: 'name time track' 'detail detail track'; padding: .3rem 0;
  border-top: 1px solid var(--line); align-items: baseline; }
.stage-name { grid-area: name; font-weight: 600; padding-right: .5rem; position: relative; }
.stage-time { grid-area: time; text-align: right; padding-right: 1rem; font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .9rem; }
.stage-detail { grid-area: detail; font-size: .85rem; color: var(--quiet); padding-right: 1rem; }
.track { grid-area: track; align-self: stretch; position: relative; min-height: 1.6rem; margin: -.3rem 0;
  background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 0 / var(--tick) 100%; }
.bar { position: absolute; top: 50%; height: 1.1rem; margin-top: -.55rem; min-width: 3px; border-radius: .2rem; }

.slab { display: grid; grid-template-columns: minmax(5rem, 20rem) 1fr; gap: 0 1.5rem; }
.block-column { display: flex; justify-content: center; }
.slab + .slab { margin-top: 3px; }
.block { position: relative; border-radius: .25rem; overflow: hidden; }
.block::after { content: ''; position: absolute; inset: 0;
  background: linear-gradient(0deg, var(--panel) 2px, transparent 2px) 0 100% / 100% calc(100% / var(--layers)); clip-path: inset(0 0 2px 0); }
.slab-text { padding: .3rem 0 .5rem; font-size: .9rem; min-width: 0; }
.slab-head { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: baseline; font-size: 1rem; }
.slab-about { font-size: .9rem; }
.slab-size { margin-left: auto; font-variant-numeric: tabular-nums; font-weight: 600; white-space: nowrap; }
.digests { display: grid; gap: .3rem; margin: .5rem 0; font-size: .85rem; }
.digests .amount { color: var(--quiet); }
.under { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; font-size: .875rem; align-items: end; margin-bottom: .5rem; }

.chart { display: grid; grid-template-columns: auto 1fr; grid-template-rows: 8rem auto; gap: .3rem .6rem; margin-top: .75rem; }
.ends { grid-column: 2; display: flex; justify-content: space-between; font-size: .8rem; color: var(--quiet); }
.chart svg { display: block; border-bottom: 1.5px solid var(--quiet); overflow: visible; }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: .8rem; line-height: 1; color: var(--quiet); }
.rule { stroke: var(--line); stroke-dasharray: 3 3; }
.hatch-ground { fill: var(--good-tint); }
.hatch-line { fill: var(--good-fill); }
.run-hit { fill: url(#hatch); stroke: var(--good-fill); stroke-width: 1.5px; }
.bars-ground { fill: var(--bad-tint); }
.bars-line { fill: var(--bad-fill); }
.run-miss { fill: var(--ember-fill); }
.run-failed { fill: url(#bars); stroke: var(--bad-fill); stroke-width: 1.5px; }
.rate { display: flex; align-items: center; gap: .6rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.rate-track { flex: 1; min-width: 4rem; max-width: 9rem; height: .7rem; border-radius: .2rem; background: var(--sunk); border: 1px solid var(--quiet); }
.rate-track span { display: block; height: 100%; }
`;
