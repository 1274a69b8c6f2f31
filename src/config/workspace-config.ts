import { z } from 'zod';

/** One entry of `tasks:`, its environment made of strings only. */
export const Task = z.object({
  /** `name:` of the task, or `Task <n>` counted from one. */
  name: z.string(),
  before: z.string().optional(),
  init: z.string().optional(),
  prebuild: z.string().optional(),
  command: z.string().optional(),
  env: z.record(z.string(), z.string()),
  /** What a comment declares of its inputs: paths and patterns in normal form, sorted. */
  inputs: z.array(z.string()).optional(),
});
export type Task = Readonly<z.infer<typeof Task>>;

/** One entry of `ports:`; a range has `last` above `first`. */
export const Port = z.object({
  first: z.number().int(),
  last: z.number().int(),
  onOpen: z.enum(['notify', 'open-browser', 'open-preview', 'ignore', 'ignore-completely']),
  visibility: z.enum(['private', 'public']),
  /** Where the file says it; else HTTP. */
  protocol: z.enum(['http', 'https']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
});
export type Port = Readonly<z.infer<typeof Port>>;

/** Where the base comes from: an image by name, or a Dockerfile of the repository. */
export const BaseSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reference'), reference: z.string() }),
  z.object({ kind: z.literal('dockerfile'), file: z.string(), context: z.string() }),
]);
export type BaseSource = Readonly<z.infer<typeof BaseSource>>;

/** `jetbrains:`, which is for editors to read. */
export const Jetbrains = z.record(z.string(), z.json());

/** What a `.gitpod.yml` means, with every default filled in. */
export const WorkspaceConfig = z.object({
  schemaVersion: z.literal(1),
  base: BaseSource,
  /** Absolute folder of the checkout in the workspace image, such as `/workspace/app`. */
  checkoutLocation: z.string(),
  /** Absolute folder in which tasks run and an editor opens. */
  workspaceLocation: z.string(),
  env: z.record(z.string(), z.string()),
  tasks: z.array(Task),
  ports: z.array(Port),
  /** Ids of VS Code extensions, as written. */
  extensions: z.array(z.string()),
  /** What `jetbrains:` says, as written. */
  jetbrains: Jetbrains.optional(),
});
export type WorkspaceConfig = Readonly<z.infer<typeof WorkspaceConfig>>;
