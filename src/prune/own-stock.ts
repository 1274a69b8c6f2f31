import { commitKey } from './needs.ts';
import type { Stock } from './stock.ts';

/** The stock without the images of other repositories, and the reports on them: they tell nothing of one's own. */
export function ownStock(stock: Stock, strangers: ReadonlySet<string>): Stock {
  if (strangers.size === 0) return stock;
  const told = strangeTags(stock, strangers).flatMap((known) =>
    known.kind === 'commit' ? commitKey(known) : [],
  );
  const strange = new Set(told);
  return stock.filter(
    ({ digest, content, tags }) =>
      !strangers.has(digest) &&
      (content.kind !== 'report' ||
        tags.some(({ known }) => known?.kind !== 'report' || !strange.has(commitKey(known)))),
  );
}

/** The branches (as they stand in tags) and scopes of pull requests that images of other repositories are of. */
export function strangeBranches(stock: Stock, strangers: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    strangeTags(stock, strangers).flatMap((known) => {
      if (known.kind === 'commit') return branchOf(known.scope);
      if (known.kind === 'branch') return known.name;
      return known.kind === 'pull-request' ? `pr.${known.name}` : [];
    }),
  );
}

/** Of a scope, be its branch protected or not; that of a pull request is left as it is. */
export function branchOf(scope: string): string {
  return scope.replace(/^(?:protected|branch)\./, '');
}

function strangeTags(stock: Stock, strangers: ReadonlySet<string>) {
  return stock
    .filter(({ digest }) => strangers.has(digest))
    .flatMap(({ tags }) => tags.flatMap(({ known }) => known ?? []));
}
