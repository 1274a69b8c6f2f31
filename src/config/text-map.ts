import { aboutValue, pathText, type NodePath, type Tell } from './finding.ts';

/**
 * A map of which Gitpod took only text, each value as text. The rest is told: people write numbers there, and mean what
 * they look like.
 */
export function textMap(
  map: Readonly<Record<string, string | number | boolean>>,
  path: NodePath,
  tell: Tell,
): Record<string, string> {
  const entries = Object.entries(map).map(([name, value]) => {
    if (typeof value !== 'string') {
      const message = `${pathText(path)}: Gitpod took only text here; ${value} is used as text`;
      tell(aboutValue('refused', [...path, name], message, `put it in quotes: "${value}"`));
    }
    return [name, String(value)] as const;
  });
  return Object.fromEntries(entries);
}
