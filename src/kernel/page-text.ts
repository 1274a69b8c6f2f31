/** The words of an HTML page: its title where it has one. Every step is linear, since the page may be hostile. */
export function pageText(body: string): string {
  const title = /<title[^>]{0,200}>([^<]{0,500})/i.exec(body)?.[1]?.trim();
  if (title) return title;
  const [first = '', ...rest] = body.split(/<(?=(?:script|style)\b)/i);
  const visible = [first, ...rest.map((piece) => piece.split(/<\/(?:script|style)/i)[1] ?? '')];
  return visible
    .join('<')
    .split('<')
    .map((piece) => piece.slice(piece.indexOf('>') + 1))
    .join(' ');
}
