import { JETBRAINS_PRODUCTS, type FileJetbrains } from './gitpod-file.ts';
import type { Jetbrains } from './workspace-config.ts';

/** What `jetbrains:` means. An editor without `prebuilds.version` is not warmed up: Gitpod's code did not, whatever its documents said. */
export function jetbrains(written: FileJetbrains): Jetbrains {
  const editors = JETBRAINS_PRODUCTS.flatMap((name) => {
    const editor = written[name];
    if (editor === undefined) return [];
    const { plugins = [], prebuilds, vmoptions } = editor;
    const version = prebuilds?.version;
    return [
      [
        name,
        { plugins, ...(version && { prebuilds: version }), ...(vmoptions !== undefined && { vmoptions }) },
      ] as const,
    ];
  });
  return { plugins: written.plugins ?? [], editors: Object.fromEntries(editors) };
}
