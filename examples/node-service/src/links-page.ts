import type { Link } from './link.js';

/** The start page: what links there are, and how often they were followed. */
export function linksPage(links: readonly Link[]): string {
  const rows = links.map(
    ({ name, url, visits }) =>
      `<tr><td><a href="/${escaped(name)}">/${escaped(name)}</a></td><td>${escaped(url)}</td><td>${visits}</td></tr>`,
  );
  const table = `<table><tr><th>Short</th><th>Leads to</th><th>Visits</th></tr>${rows.join('')}</table>`;
  const body = links.length === 0 ? '<p>No links yet: POST one to <code>/links</code>.</p>' : table;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Short links</title><h1>Short links</h1>${body}</html>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
