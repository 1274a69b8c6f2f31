/**
 * Whether git accepts `name` for a branch or a tag: `git check-ref-format refs/heads/<name>`, and what `git branch`
 * refuses besides (https://git-scm.com/docs/git-check-ref-format).
 */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.startsWith('-')) return false;
  if (name.endsWith('.') || name.includes('..') || name.includes('@{')) return false;
  if (/[\u0000-\u0020\u007F~^:?*[\\]/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
