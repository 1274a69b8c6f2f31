import type { Document } from 'yaml';
import type { RangeOf } from './draw-diagnostics.ts';
import { locate } from './locate.ts';
import { locateWithin } from './locate-within.ts';

/** Where findings stand in a YAML text; without a tree, those by path stand at its beginning. */
export function yamlRanges(document: Document | undefined, text: string): RangeOf {
  return (where) => {
    if ('start' in where) return where;
    if (document === undefined) return { start: 0, end: 0 };
    if ('within' in where) return locateWithin(document, text, where.path, where.within);
    return locate(document, where.path, where.at);
  };
}
