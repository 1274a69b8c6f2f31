import { extname } from 'node:path';
import { LOCKS } from './install-commands.ts';

/** A file of each kind, where there is one. */
export interface EditablePaths {
  readonly document: string | undefined;
  readonly source: string | undefined;
  readonly lock: string | undefined;
}

const SOURCES = new Set(
  '.ts .tsx .js .jsx .mjs .py .go .rs .java .kt .scala .rb .php .c .cc .cpp .cs .swift .ex .hs .clj'.split(
    ' ',
  ),
);

/** Chooses among the paths of a repository: its README or else a document, a source in its main language, a lock file. */
export function editablePaths(paths: readonly string[]): EditablePaths {
  const documents = paths.filter((path) => path.endsWith('.md'));
  return {
    document: documents.find((path) => path === 'README.md') ?? documents[0],
    source: mainSource(paths),
    lock: paths.find((path) => LOCKS.has(path)),
  };
}

function mainSource(paths: readonly string[]): string | undefined {
  const sources = paths.filter((path) => SOURCES.has(extname(path)));
  const byLanguage = [...Map.groupBy(sources, extname).values()];
  return byLanguage.toSorted((a, b) => b.length - a.length)[0]?.[0];
}
