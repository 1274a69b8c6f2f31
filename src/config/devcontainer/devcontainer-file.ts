import * as z from 'zod';

/** A command: text for a shell, or words that are run without one. */
const OneCommand = z.union([z.string(), z.array(z.string())]);
export type OneCommand = Readonly<z.infer<typeof OneCommand>>;

/** What a lifecycle property may be: one command, or several by name that run at the same time. */
const LifecycleCommand = z.union([z.string(), z.array(z.string()), z.record(z.string(), OneCommand)]);
export type LifecycleCommand = Readonly<z.infer<typeof LifecycleCommand>>;

const PortAttributes = z.looseObject({
  label: z.string().optional(),
  onAutoForward: z
    .enum(['notify', 'openBrowser', 'openBrowserOnce', 'openPreview', 'silent', 'ignore'])
    .optional(),
  protocol: z.enum(['http', 'https']).optional(),
});
export type PortAttributes = Readonly<z.infer<typeof PortAttributes>>;

/** The Dockerfile may stand beside it, as it once did. */
const Build = z.looseObject({
  dockerfile: z.string().optional(),
  context: z.string().optional(),
  args: z.record(z.string(), z.string()).optional(),
  target: z.string().optional(),
});

const Customizations = z.looseObject({
  vscode: z.looseObject({ extensions: z.array(z.string()).optional() }).optional(),
});

/**
 * The properties of a `devcontainer.json` that are acted on (https://containers.dev/implementors/json_reference/). What
 * else there is stays as it is, and is told of by `told-keys.ts`.
 */
export const DevcontainerFile = z.looseObject({
  image: z.string().optional(),
  build: Build.optional(),
  /** The old way to write `build.dockerfile` and `build.context`. */
  dockerFile: z.string().optional(),
  context: z.string().optional(),
  workspaceFolder: z.string().optional(),
  workspaceMount: z.string().optional(),
  remoteUser: z.string().optional(),
  containerUser: z.string().optional(),
  containerEnv: z.record(z.string(), z.string()).optional(),
  remoteEnv: z.record(z.string(), z.union([z.string(), z.null()])).optional(),
  onCreateCommand: LifecycleCommand.optional(),
  updateContentCommand: LifecycleCommand.optional(),
  postCreateCommand: LifecycleCommand.optional(),
  postStartCommand: LifecycleCommand.optional(),
  forwardPorts: z.array(z.union([z.number(), z.string()])).optional(),
  portsAttributes: z.record(z.string(), PortAttributes).optional(),
  customizations: Customizations.optional(),
  /** The old way to write `customizations.vscode`. */
  extensions: z.array(z.string()).optional(),
});
export type DevcontainerFile = Readonly<z.infer<typeof DevcontainerFile>>;
