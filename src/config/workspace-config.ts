import * as z from 'zod';

/** One entry of `tasks:`, or what a `devcontainer.json` runs; its environment made of strings only. */
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
  protocol: z.enum(['http', 'https']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
});
export type Port = Readonly<z.infer<typeof Port>>;

/** Where the base comes from: an image by name, or a Dockerfile of the repository. */
export const BaseSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reference'), reference: z.string() }),
  z.object({
    kind: z.literal('dockerfile'),
    file: z.string(),
    context: z.string(),
    /** Values for the Dockerfile's `ARG`s, in place of their defaults. */
    args: z.record(z.string(), z.string()).optional(),
    /** The stage that is built; the last one where it is absent. */
    target: z.string().optional(),
  }),
]);
export type BaseSource = Readonly<z.infer<typeof BaseSource>>;

/** One entry of `additionalRepositories:`. */
export const AdditionalRepository = z.object({
  /** As written: of a repository, or of a branch, commit or pull request in one. */
  url: z.string(),
  /** Absolute folder of its checkout. */
  checkoutLocation: z.string(),
});
export type AdditionalRepository = Readonly<z.infer<typeof AdditionalRepository>>;

export const JetbrainsVersion = z.enum(['stable', 'latest', 'both']);

/** What `jetbrains:` says; plugins by their ids. */
export const Jetbrains = z.object({
  /** For each editor. */
  plugins: z.array(z.string()),
  /** By Gitpod's name of the editor, such as `intellij`. */
  editors: z.record(
    z.string(),
    z.object({
      plugins: z.array(z.string()),
      /** Which versions of the editor are to be warmed up in a build; none where it is absent. */
      prebuilds: JetbrainsVersion.optional(),
      vmoptions: z.string().optional(),
    }),
  ),
});
export type Jetbrains = Readonly<z.infer<typeof Jetbrains>>;

/** What `coreDump:` says; limits in bytes. */
const CoreDump = z.object({
  enabled: z.boolean().optional(),
  softLimit: z.number().optional(),
  hardLimit: z.number().optional(),
});

/** The user for commands and the one of the container; what is left open is the base image's to say. */
const WorkspaceUser = z.object({ remoteUser: z.string().optional(), containerUser: z.string().optional() });

/**
 * What a `.gitpod.yml` or a `devcontainer.json` means, with every default filled in. Optional members are absent where
 * the file says nothing of them, so that they move no key of other files.
 */
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
  /** VS Code extensions as written: `publisher.name`, `publisher.name@version[:hash]`, or the address of a vsix file. */
  extensions: z.array(z.string()),
  /** Absolute path of the `.code-workspace` file that `workspaceLocation` names; tasks then run in the checkout. */
  codeWorkspace: z.string().optional(),
  /** Repositories that lie beside the pushed one. */
  additionalRepositories: z.array(AdditionalRepository).optional(),
  /** Address of the repository whose configuration is to be used in place of this one. */
  mainConfiguration: z.string().optional(),
  /** Absolute folder of the repository whose configuration this is, where that is not the pushed one. */
  mainCheckout: z.string().optional(),
  /** Settings of git that the checkouts have in their `.git/config`, by git's names. */
  gitConfig: z.record(z.string(), z.string()).optional(),
  jetbrains: Jetbrains.optional(),
  coreDump: CoreDump.optional(),
  /** Variables of the container as a whole, for everything that runs in it. */
  containerEnv: z.record(z.string(), z.string()).optional(),
  /** Whom a `devcontainer.json` names; where absent, `gitpod` where the image has that account, else the image's own user. */
  user: WorkspaceUser.optional(),
  /** What Dev Containers clients are told in the image's label beside what preheat tells them, as it was written. */
  clients: z.record(z.string(), z.json()).optional(),
});
export type WorkspaceConfig = Readonly<z.infer<typeof WorkspaceConfig>>;
