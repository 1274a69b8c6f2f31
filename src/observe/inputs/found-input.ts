import type { ContextEntry } from '../dockerfile/context-tree.ts';
import { entriesBelow } from '../../kernel/tree-lookup.ts';
import { LINK, SUBMODULE, type Reached, type TreePaths } from './tree-paths.ts';

/** What an input means in the tree of a commit, before attributes are known. */
export type FoundInput =
  | { readonly asked: string; readonly kind: 'file' | 'link' | 'submodule'; readonly entry: ContextEntry }
  | {
      readonly asked: string;
      readonly kind: 'folder' | 'matches' | 'names';
      readonly members: readonly ContextEntry[];
    }
  | { readonly asked: string; readonly kind: 'absent'; readonly ancestor: string }
  | { readonly asked: string; readonly kind: 'outside' | 'git'; readonly id?: string };

/** What a path has come to; a path within a submodule is answered by the submodule. */
export function foundAt(asked: string, end: Reached['end'], { listing }: TreePaths): FoundInput {
  switch (end.kind) {
    case 'entry':
      return { asked, kind: kindOf(end.entry), entry: end.entry };
    case 'beyond':
      return end.entry.mode === SUBMODULE
        ? { asked, kind: 'submodule', entry: end.entry }
        : { asked, kind: 'absent', ancestor: end.entry.path };
    case 'folder':
      return { asked, kind: 'folder', members: [...entriesBelow(listing, end.path)] };
    case 'absent':
      return { asked, kind: 'absent', ancestor: end.ancestor };
    case 'outside':
      return { asked, kind: 'outside' };
  }
}

function kindOf({ mode }: ContextEntry): 'file' | 'link' | 'submodule' {
  if (mode === SUBMODULE) return 'submodule';
  return mode === LINK ? 'link' : 'file';
}
