import type * as Http from 'node:http';

/**
 * `node:http`, in place of an import of it: to give an ES module all its names, Node makes each of them, one of which
 * loads its whole fetch. That costs every start of the program 50 ms and 13 MiB, this next to nothing.
 */
export function nodeHttp(): typeof Http {
  return process.getBuiltinModule('node:http');
}
