import { normalize } from 'node:path/posix';

/**
 * The absolute, normal form of a path that is relative to `root` (a leading slash changes nothing), or `undefined` when
 * it climbs out of `root` or holds a control character.
 */
export function pathBelow(root: string, written: string): string | undefined {
  if (/[\u0000-\u001F\u007F]/.test(written)) return undefined;
  // A path with too many ".." keeps them when it is normalised as a relative one.
  const relative = normalize(`./${written}`).replace(/\/+$/, '');
  if (relative === '..' || relative.startsWith('../')) return undefined;
  if (relative === '' || relative === '.') return root;
  return root === '/' ? `/${relative}` : `${root}/${relative}`;
}
