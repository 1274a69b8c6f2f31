/**
 * The snippets of a label `devcontainer.metadata`, first to last: later ones win
 * (https://containers.dev/implementors/spec/#image-metadata). A label that is no JSON holds none.
 */
export function devcontainerSnippets(label: string | undefined): readonly unknown[] {
  if (label === undefined) return [];
  try {
    const parsed: unknown = JSON.parse(label);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return [];
  }
}
