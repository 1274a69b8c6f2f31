import { trusted, type Html } from '../html.ts';

/** What changes on a phone, on paper, and for readers who choose colours or rest for themselves. */
export const adaptStyle: Html = trusted`
@media (max-width: 40rem) {
  .panel, .scroll { padding: .85rem 1rem; }
  .axis { grid-template-columns: 1fr; }
  .ticks { grid-column: 1; }
  .stage { grid-template-columns: 1fr auto; grid-template-areas: 'name time' 'detail detail' 'track track'; }
  .stage-time { padding-right: 0; }
  .track { margin: .2rem 0 -.3rem; }
  .slab { grid-template-columns: 6rem 1fr; gap: 0 .9rem; }
  .slab-about { order: 1; flex-basis: 100%; }
  .slab-text { padding-bottom: .9rem; }
  .price { flex-basis: 100%; }
  .figures strong { font-size: 1.2rem; }
  .figures dl > div { flex-basis: 8rem; }
  .particulars > div { grid-template-columns: 1fr; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (forced-colors: active) {
  .fill-done, .fill-new, .fill-reused, .fill-failed { forced-color-adjust: none; box-shadow: none; border: 1.5px solid CanvasText; background: Canvas; }
  .fill-done, .fill-new { background: CanvasText; }
  .fill-reused { background: repeating-linear-gradient(135deg, CanvasText 0 2px, Canvas 2px 8px); }
  .fill-failed { border-style: dashed; border-width: 3px; }
  .price { clip-path: none; border: 2px solid CanvasText; }
  .run-miss { fill: CanvasText; }
  .run-hit, .run-failed { stroke: CanvasText; }
  .run-failed { stroke-dasharray: 4 3; }
  .hatch-ground, .bars-ground, .bars-line { fill: Canvas; }
  .hatch-line { fill: CanvasText; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, .contents { display: none; }
  .part { margin-top: 1.5rem; }
  .panel, .verdict, .stage, .slab, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .output { max-height: none; display: block; }
  table { font-size: 8pt; }
  th, td { padding-right: .6rem; }
  td bdi, th bdi { max-width: 10rem; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
