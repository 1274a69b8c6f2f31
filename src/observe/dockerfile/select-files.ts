import { posix } from 'node:path';
import type { ContextEntry } from './context-tree.ts';

const SYMLINK = 0o120000;

/** One character of UTF-8, or a byte that is none, in names as latin1 text. */
const ONE_CHARACTER = String.raw`(?:[\x00-\x7f]|[\x80-\xbf]|[\xc0-\xff][\x80-\xbf]*)`;

/**
 * The entries of a context that a build with these sources can read; both its key and what is sent to the engine are
 * made of them, so that a build cannot read what its key does not cover. Sources are as `COPY` takes them: paths below
 * the context, or patterns of Go's `filepath.Match`. A link on the way to a source may lead anywhere in the context;
 * then, and where a pattern is not a plain one, all of it counts.
 */
export function selectFiles(
  entries: readonly ContextEntry[],
  sources: readonly string[] | 'everything',
): readonly ContextEntry[] {
  if (sources === 'everything') return entries;
  const selectors = sources.map(selectorOf);
  if (selectors.includes('everything')) return entries;
  const names = new Map(entries.map((entry) => [entry, entry.path.split('/')]));
  const links = entries.filter(({ mode }) => mode === SYMLINK);
  const isMet = selectors.some(
    (selector) => selector !== 'everything' && links.some((link) => touches(names.get(link) ?? [], selector)),
  );
  if (isMet) return entries;
  return entries.filter((entry) =>
    selectors.some((selector) => selector !== 'everything' && lies(names.get(entry) ?? [], selector)),
  );
}

/** What the names of a path must be like, outermost first. */
type Selector = readonly ((name: string) => boolean)[];

function selectorOf(source: string): Selector | 'everything' {
  const path = posix
    .normalize(`/${source}`)
    .split('/')
    .filter((name) => name !== '');
  // Within `COPY --parents` two asterisks stand for any number of folders.
  if (path.some((name) => /[[\]\\]|\*\*/.test(name))) return 'everything';
  return path.map((wanted) => {
    // Sources are UTF-8, names in the tree are bytes.
    const raw = Buffer.from(wanted).toString('latin1');
    if (!/[*?]/.test(raw)) return (name) => name === raw;
    const expression = new RegExp(
      `^${raw
        .replaceAll(/[$()+.^{|}]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', ONE_CHARACTER)}$`,
      's',
    );
    return (name) => expression.test(name);
  });
}

/** Whether a path is what a selector means, or lies below it. */
function lies(names: readonly string[], selector: Selector): boolean {
  return names.length >= selector.length && selector.every((matches, at) => matches(names[at] ?? ''));
}

/** Whether a link is, or is above, what a selector means. */
function touches(names: readonly string[], selector: Selector): boolean {
  return names.length <= selector.length && names.every((name, at) => selector[at]?.(name) === true);
}
