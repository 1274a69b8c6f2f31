import type { ConfigSection } from './config-text.ts';

/**
 * Settings by git's names (`core.autocrlf`, `url.https://a.b/.insteadOf`) as sections of a configuration file, in the
 * order of their names, so that equal settings give equal bytes.
 */
export function settingSections(settings: Readonly<Record<string, string>>): readonly ConfigSection[] {
  return Object.entries(settings)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([setting, value]) => sectionOf(setting, value));
}

/** What stands between the first dot and the last is a subsection, which may hold dots itself. */
function sectionOf(setting: string, value: string): ConfigSection {
  const [first, last] = [setting.indexOf('.'), setting.lastIndexOf('.')];
  const [name, key] = [setting.slice(0, first), setting.slice(last + 1)];
  const subsection = first === last ? {} : { subsection: setting.slice(first + 1, last) };
  return { name, ...subsection, values: { [key]: value } };
}
