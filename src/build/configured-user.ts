import * as z from 'zod';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import { devcontainerSnippets } from '../oci/devcontainer-label.ts';
import type { ImageConfig } from '../oci/image-config.ts';

const Users = z.object({ remoteUser: z.string().optional(), containerUser: z.string().optional() });

/**
 * The user that a configuration means on a base, as `User` of an image's config; empty is root. With a
 * `devcontainer.json` it is the last `remoteUser`, else the last `containerUser`, of what the base's label says and then
 * the file; else the base's own, as always without one.
 */
export function configuredUserOf({ user }: Pick<WorkspaceConfig, 'user'>, base: ImageConfig): string {
  const own = base.config?.User ?? '';
  if (user === undefined) return own;
  const labelled = devcontainerSnippets(base.config?.Labels?.[ANNOTATION.devcontainer]);
  const all = [...labelled.map((snippet) => Users.safeParse(snippet).data ?? {}), user];
  const last = (name: keyof z.infer<typeof Users>): string | undefined =>
    all.findLast((users) => users[name])?.[name];
  return last('remoteUser') ?? last('containerUser') ?? own;
}
