import type { InputChange } from './build-plan.ts';

/** A change of an input for people: `package-lock.json: 1f3a5b7… → 9c02d4e…`, `src/new.ts: added`. */
export function changeText({ path, how, before, after }: InputChange): string {
  if (how === 'content' && path === '.git') return '.git: made from something else';
  if (how === 'above') return `${path}: still absent, but not the folders above it`;
  if (how === 'content') return `${path}: ${short(before)} → ${short(after)}`;
  const fromTo = `${before ?? 'none'} → ${after ?? 'none'}`;
  if (how === 'mode' || how === 'attributes') return `${path}: ${how} ${fromTo}`;
  return how === 'kind' ? `${path}: ${fromTo}` : `${path}: ${how}`;
}

/** Object ids and digests in as many digits as git shows. */
function short(id = ''): string {
  return `${id.replace(/^sha256:/, '').slice(0, 7)}…`;
}
