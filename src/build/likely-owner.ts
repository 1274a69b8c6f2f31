import type { Owner } from '../observe/step-record.ts';

const ROOT: Owner = { uid: 0, gid: 0 };
/** As Gitpod's own images have it. */
const GITPOD: Owner = { uid: 33_333, gid: 33_333 };

/**
 * Whom a checkout will belong to in all likelihood, told before the accounts of an image can be read: whom an earlier one
 * belongs to, else what `configured` (as `User` of an image's config) says by number or by a name that hardly varies.
 * `undefined` where nobody can guess.
 */
export function likelyOwner(configured: string, earlier: Owner | undefined): Owner | undefined {
  if (earlier !== undefined) return earlier;
  const [user = '', group = user] = configured.split(':');
  if (user === 'gitpod') return GITPOD;
  if (isRoot(user) && isRoot(group)) return ROOT;
  return isId(user) && isId(group) && configured.includes(':')
    ? { uid: Number(user), gid: Number(group) }
    : undefined;
}

function isRoot(name: string): boolean {
  return name === '' || name === '0' || name === 'root';
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text);
}
