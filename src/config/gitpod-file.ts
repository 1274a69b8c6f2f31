import * as z from 'zod';
import { JetbrainsVersion, Port } from './workspace-config.ts';

/** What an environment variable may be written as in the top-level `env`. */
const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** An entry of `tasks:`. */
export const FileTask = z.object({
  name: z.string().optional(),
  before: z.string().optional(),
  init: z.string().optional(),
  prebuild: z.string().optional(),
  command: z.string().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  openIn: z.enum(['bottom', 'main', 'left', 'right']).optional(),
  openMode: z.enum(['split-left', 'split-right', 'tab-before', 'tab-after']).optional(),
});
export type FileTask = Readonly<z.infer<typeof FileTask>>;

/** An entry of `ports:`; a range is text such as `3000-3999` or `3000:3999`. One port as text is taken, too. */
export const FilePort = z.object({
  port: z.union([z.number(), z.string().regex(/^\d+(?:[:-]\d+)?$/)]),
  onOpen: Port.shape.onOpen.optional(),
  visibility: z.enum(['private', 'public']).optional(),
  protocol: z.enum(['http', 'https']).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
});
export type FilePort = Readonly<z.infer<typeof FilePort>>;

export const FileImage = z.object({ file: z.string(), context: z.string().optional() });

export const FileRepository = z.object({ url: z.string(), checkoutLocation: z.string().optional() });
export type FileRepository = Readonly<z.infer<typeof FileRepository>>;

export const FileVscode = z.object({ extensions: z.array(z.string()).optional() });

const JetbrainsPrebuilds = z.object({ version: JetbrainsVersion.optional() });

const JetbrainsProduct = z.object({
  plugins: z.array(z.string()).optional(),
  prebuilds: JetbrainsPrebuilds.optional(),
  vmoptions: z.string().optional(),
});

const FileJetbrainsProducts = z.object({
  intellij: JetbrainsProduct.optional(),
  goland: JetbrainsProduct.optional(),
  pycharm: JetbrainsProduct.optional(),
  phpstorm: JetbrainsProduct.optional(),
  rubymine: JetbrainsProduct.optional(),
  webstorm: JetbrainsProduct.optional(),
  rider: JetbrainsProduct.optional(),
  clion: JetbrainsProduct.optional(),
  rustrover: JetbrainsProduct.optional(),
});

/** The editors of JetBrains for which a file can say something. */
export const JETBRAINS_PRODUCTS = FileJetbrainsProducts.keyof().options;

export const FileJetbrains = z.object({
  plugins: z.array(z.string()).optional(),
  ...FileJetbrainsProducts.shape,
});
export type FileJetbrains = Readonly<z.infer<typeof FileJetbrains>>;

export const FileCoreDump = z.object({
  enabled: z.boolean().optional(),
  softLimit: z.number().optional(),
  hardLimit: z.number().optional(),
});

/** The one map that Gitpod leaves open: keys that are not listed pass. */
const FileGithubPrebuilds = z.looseObject({
  master: z.boolean().optional(),
  branches: z.boolean().optional(),
  pullRequests: z.boolean().optional(),
  pullRequestsFromForks: z.boolean().optional(),
  addBadge: z.boolean().optional(),
  addComment: z.boolean().optional(),
  addCheck: z.union([z.boolean(), z.literal('prevent-merge-on-error')]).optional(),
  addLabel: z.union([z.boolean(), z.string()]).optional(),
});

export const FileGithub = z.object({ prebuilds: z.union([z.boolean(), FileGithubPrebuilds]).optional() });

/** Every key of a `.gitpod.yml` with its type, as people write it; unknown keys are found by `unknown-keys.ts`. */
export const GitpodFile = z.object({
  image: z.union([z.string(), FileImage]).optional(),
  tasks: z.array(FileTask).optional(),
  ports: z.array(FilePort).optional(),
  checkoutLocation: z.string().optional(),
  workspaceLocation: z.string().optional(),
  additionalRepositories: z.array(FileRepository).optional(),
  mainConfiguration: z.string().optional(),
  gitConfig: z.record(z.string(), Scalar).optional(),
  vscode: FileVscode.optional(),
  jetbrains: FileJetbrains.optional(),
  coreDump: FileCoreDump.optional(),
  env: z.record(z.string(), Scalar).optional(),
  github: FileGithub.optional(),
  experimentalNetwork: z.boolean().optional(),
});
export type GitpodFile = Readonly<z.infer<typeof GitpodFile>>;

/** The maps that are closed, by where they stand; `*` is any list index or product name. */
export const CLOSED_MAPS: readonly { readonly at: readonly string[]; readonly keys: readonly string[] }[] = [
  { at: [], keys: Object.keys(GitpodFile.shape) },
  { at: ['image'], keys: Object.keys(FileImage.shape) },
  { at: ['tasks', '*'], keys: Object.keys(FileTask.shape) },
  { at: ['ports', '*'], keys: Object.keys(FilePort.shape) },
  { at: ['additionalRepositories', '*'], keys: Object.keys(FileRepository.shape) },
  { at: ['vscode'], keys: Object.keys(FileVscode.shape) },
  { at: ['jetbrains'], keys: Object.keys(FileJetbrains.shape) },
  ...JETBRAINS_PRODUCTS.flatMap((product) => [
    { at: ['jetbrains', product], keys: Object.keys(JetbrainsProduct.shape) },
    { at: ['jetbrains', product, 'prebuilds'], keys: Object.keys(JetbrainsPrebuilds.shape) },
  ]),
  { at: ['coreDump'], keys: Object.keys(FileCoreDump.shape) },
  { at: ['github'], keys: Object.keys(FileGithub.shape) },
];
