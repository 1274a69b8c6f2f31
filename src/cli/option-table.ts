import * as z from 'zod';
import { parseWorkloadProvider } from '../adapters/credentials/google/workload-provider.ts';
import { parseConfigPath } from '../config/config-file.ts';
import { NO_INPUTS, parseInputOption, type InputOption } from '../config/input-option.ts';
import { parsePlatform } from '../oci/platform.ts';
import { parseLocation } from '../oci/location.ts';
import { parseReference } from '../oci/reference.ts';
import { messageOf } from '../kernel/failure.ts';
import { CommitId, RefName } from '../event/event-terms.ts';
import { parseStepProxy } from '../event/step-proxy.ts';
import { parseBaseRefresh } from '../observe/base-refresh.ts';
import { parseByteLimit, parseDownloadCache } from './download-cache-option.ts';
import { requirePairs } from './option-pairs.ts';
import { USUAL_NETWORK } from './network.ts';
import { variableOf } from './variable-of.ts';
import { parseRetentionAge } from './retention-age.ts';
import { parseTaskSecrets } from './task-secret-names.ts';
import { parseTimeLimit } from './time-limit.ts';

/** The commands of the contract that this version has. */
export type CommandName =
  | 'build'
  | 'plan'
  | 'explain'
  | 'validate'
  | 'init'
  | 'start'
  | 'ls'
  | 'inspect'
  | 'stats'
  | 'prune'
  | 'report'
  | 'doctor';

/** One option: `--name`, its environment variable, and what its text must be. */
export interface OptionRow {
  readonly name: string;
  /** How the value is called in help texts; absent for switches. */
  readonly argument?: string;
  readonly description: string;
  readonly commands: readonly CommandName[];
  /** Whether it may only come from the environment, since arguments are visible to every user of a machine. */
  readonly environmentOnly?: boolean;
}

const PUSH: readonly CommandName[] = ['build', 'plan', 'explain'];
const IMAGES: readonly CommandName[] = [...PUSH, 'start', 'ls', 'inspect', 'stats', 'prune'];
const EVERYWHERE: readonly CommandName[] = [...IMAGES, 'validate', 'init', 'report', 'doctor'];
/** Those that speak to Bitbucket. */
const TOLD: readonly CommandName[] = ['build', 'prune'];
/** What a doctor needs to ask as these commands do. */
const asked = (commands: readonly CommandName[]): readonly CommandName[] => [...commands, 'doctor'];

/** Every option, in the order of help texts. */
export const OPTION_ROWS: readonly OptionRow[] = [
  row(
    'registry',
    'host/path | oci:DIR',
    'where workspace images are kept (default: Bitbucket Packages in a step, an OCI layout in the state folder elsewhere)',
    asked(IMAGES),
  ),
  row(
    'repository',
    'DIR',
    'the git clone (default: BITBUCKET_CLONE_DIR, else this folder)',
    asked([...IMAGES, 'init']),
  ),
  row(
    'commit',
    'COMMIT',
    'the commit to make warm (default: the one that was pushed, else HEAD)',
    asked(PUSH),
  ),
  row('branch', 'NAME', 'the branch it was pushed to (default: the one that is checked out)', asked(PUSH)),
  row(
    'default-branch',
    'NAME',
    'default branch of the repository (in a step: that of the clone’s origin where it tells, else main)',
    asked(IMAGES),
  ),
  row(
    'protected-branches',
    'NAME,NAME',
    'branches beside the default one that trust only each other',
    IMAGES,
  ),
  row(
    'config-file',
    'PATH',
    'the configuration to build from, by its path in the repository (default: the first of the usual ones)',
    asked(PUSH),
  ),
  row('default-image', 'IMAGE', 'base image of a .gitpod.yml that names none', asked(PUSH)),
  row(
    'base-refresh',
    'WHEN',
    'when the default branch asks again what a base image is: always, push, never, or an age (12h, 3d)',
    PUSH,
  ),
  row('platform', 'OS/ARCH', 'platform of the image (default: the one of this machine)', asked(IMAGES)),
  row('history-depth', 'N', 'commits of history in the workspace, at most', asked(PUSH)),
  row(
    'submodules',
    'recursive | none',
    'lay submodules down with theirs, or leave their folders empty',
    PUSH,
  ),
  row('lfs', 'pointers | contents', 'what is laid down of files that Git LFS keeps', PUSH),
  row(
    'ssh-key',
    'TEXT',
    'private key for submodules and other repositories over SSH, in base64 or PEM',
    PUSH,
    true,
  ),
  row('ssh-known-hosts', 'TEXT', 'lines of known_hosts for their servers', PUSH, true),
  row(
    'step-proxy',
    'URL | none',
    'proxy of the step, through which what the clone lacks is fetched (default: where Pipelines has it)',
    asked([...PUSH, 'prune']),
  ),
  row(
    'inputs',
    '[TASK=]PATH,PATH;…',
    'all that the tasks, or those of these names, read of the repository, as paths and patterns; where none of it changed they do not run again',
    PUSH,
  ),
  row('network', 'NAME', 'engine network for tasks and workspaces', asked(IMAGES)),
  row(
    'task-secrets',
    'NAME,NAME',
    'names of variables that tasks get; their values come from the environment and are kept nowhere',
    PUSH,
  ),
  row(
    'download-cache',
    'NAME,NAME | none',
    'package managers whose downloads runs of tasks find again; images hold those of others than npm and pip',
    ['build'],
  ),
  row('download-cache-limit', 'SIZE', 'the most that is kept of one package manager, such as 500M or 2G', [
    'build',
  ]),
  row('task-timeout', 'TIME | none', 'how long a task may run in a build, such as 90s, 30m, 1h', ['build']),
  row('tasks-timeout', 'TIME | none', 'how long all tasks of a build may take together', ['build']),
  row('strict-tasks', undefined, 'let any command that fails end its task (set -e), not only the last', PUSH),
  row('ca-bundle', 'FILE', 'PEM file of certificates that tasks are to trust; it never enters an image', [
    'build',
  ]),
  row('docker-host', 'URL', 'the engine, as DOCKER_HOST names it', asked(IMAGES)),
  row('registry-username', 'NAME', 'user of the registry', asked(IMAGES)),
  row('registry-password', 'TEXT', 'password or token of the registry', asked(IMAGES), true),
  row('bitbucket-packages-username', 'NAME', 'user of Bitbucket Packages; Pipelines sets it', asked(IMAGES)),
  row(
    'bitbucket-packages-token',
    'TEXT',
    'token of Bitbucket Packages; Pipelines sets it',
    asked(IMAGES),
    true,
  ),
  row(
    'bitbucket-step-oidc-token',
    'TEXT',
    'identity of the step; Pipelines sets it where the step says "oidc: true"',
    asked(IMAGES),
    true,
  ),
  row(
    'aws-oidc-role-arn',
    'ARN',
    'role that the step assumes for Amazon ECR, without a stored secret',
    asked(IMAGES),
  ),
  row(
    'gcp-workload-identity-provider',
    'NAME',
    'workload identity provider that trusts the step, for Google Artifact Registry without a stored secret',
    asked(IMAGES),
  ),
  row('gcp-service-account', 'EMAIL', 'account that the step then acts as (default: none)', asked(IMAGES)),
  row('plain-http', undefined, 'speak HTTP to the registry even if it is not on this machine', asked(IMAGES)),
  row('bitbucket-api', 'URL', 'base of the Bitbucket API', asked(TOLD)),
  row(
    'bitbucket-access-token',
    'TEXT',
    'access token for all that is told to commit and pull request',
    asked(TOLD),
    true,
  ),
  row('bitbucket-email', 'EMAIL', 'Atlassian account of the API token', asked(TOLD)),
  row('bitbucket-api-token', 'TEXT', 'API token, sent with the e-mail', asked(TOLD), true),
  row('bitbucket-username', 'NAME', 'Bitbucket account of the app password', asked(TOLD)),
  row(
    'bitbucket-app-password',
    'TEXT',
    'app password, which Bitbucket is giving up: use a token',
    asked(TOLD),
    true,
  ),
  row('strict-report', undefined, 'fail (exit 70) when a report cannot be delivered', ['build']),
  row('keep', 'N', 'commits of each branch and pull request that keep their image', ['prune']),
  row('older-than', 'AGE', 'nothing younger is deleted, such as 12h, 1d, 4w', ['prune']),
  row(
    'pull-request-age',
    'AGE',
    'how long a pull request counts as open after its newest image, where Bitbucket cannot be asked',
    ['prune'],
  ),
  row('apply', undefined, 'delete; without it, only what would be deleted is shown', ['prune']),
  row('from', 'FILE', 'the outcome.json of a build', ['report']),
  row('strict', undefined, 'refuse what Gitpod refused, such as unknown keys', ['validate']),
  row('base-image', 'IMAGE', 'base image of the file that is written (default: one that fits)', ['init']),
  row('print', undefined, 'show what would run, and run nothing', ['start']),
  row('stop', undefined, 'end the workspaces of this repository', ['start']),
  row('workspace-name', 'NAME', 'name of the workspace’s container', ['start']),
  row('state', 'DIR', 'folder for records and reports (default: .preheat in the clone)', EVERYWHERE),
  row('json', undefined, 'results as JSON on standard output', EVERYWHERE),
  row('quiet', undefined, 'only warnings, errors and the result', EVERYWHERE),
  row('debug', undefined, 'tell everything', EVERYWHERE),
];

function row(
  name: string,
  argument: string | undefined,
  description: string,
  commands: readonly CommandName[],
  environmentOnly = false,
): OptionRow {
  return { name, description, commands, environmentOnly, ...(argument === undefined ? {} : { argument }) };
}

const Switch = z.union([z.boolean(), z.stringbool()]).default(false);
const Names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ROLE_ARN = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
/** https://cloud.google.com/iam/docs/service-account-types: made by users, or by Google for Compute and App Engine. */
const SERVICE_ACCOUNT = /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/;

const Values = z.object({
  registry: z.string().optional().transform(checked(parseLocation)),
  repository: z.string().optional(),
  commit: CommitId.optional(),
  branch: RefName.optional(),
  'default-branch': RefName.optional(),
  'protected-branches': Names,
  'config-file': z.string().optional().transform(checked(parseConfigPath)),
  'default-image': z.string().default('gitpod/workspace-full'),
  'base-refresh': z.string().default('push').transform(parsed(parseBaseRefresh)),
  platform: z.string().optional().transform(checked(parsePlatform)),
  'history-depth': z.coerce.number().int().min(1).max(1_000_000).default(50),
  submodules: z.enum(['recursive', 'none']).default('recursive'),
  lfs: z.enum(['pointers', 'contents']).default('pointers'),
  'ssh-key': z.string().optional(),
  'ssh-known-hosts': z.string().optional(),
  'step-proxy': z.string().optional().transform(checked(parseStepProxy)),
  inputs: z.string().optional().transform(inputsOrNone),
  network: z.string().default(USUAL_NETWORK),
  'task-secrets': z.string().default('').transform(parsed(readTaskSecrets)),
  'download-cache': z.string().default('npm,pip').transform(parsed(parseDownloadCache)),
  'download-cache-limit': z.string().default('1G').transform(parsed(parseByteLimit)),
  'task-timeout': z.string().default('none').transform(parsed(parseTimeLimit)),
  // A step of Pipelines ends after two hours, and tells nothing then.
  'tasks-timeout': z.string().default('105m').transform(parsed(parseTimeLimit)),
  'strict-tasks': Switch,
  'ca-bundle': z.string().optional(),
  'docker-host': z.string().optional(),
  'registry-username': z.string().optional(),
  'registry-password': z.string().optional(),
  'bitbucket-packages-username': z.string().optional(),
  'bitbucket-packages-token': z.string().optional(),
  'bitbucket-step-oidc-token': z.string().optional(),
  'aws-oidc-role-arn': z
    .string()
    .regex(ROLE_ARN, 'is not of the form arn:aws:iam::123456789012:role/NAME')
    .optional(),
  'gcp-workload-identity-provider': z.string().optional().transform(checked(parseWorkloadProvider)),
  'gcp-service-account': z
    .string()
    .regex(SERVICE_ACCOUNT, 'is not of the form NAME@PROJECT.iam.gserviceaccount.com')
    .optional(),
  'plain-http': Switch,
  'bitbucket-api': z.url().default('https://api.bitbucket.org/2.0'),
  'bitbucket-access-token': z.string().optional(),
  'bitbucket-email': z.string().optional(),
  'bitbucket-api-token': z.string().optional(),
  'bitbucket-username': z.string().optional(),
  'bitbucket-app-password': z.string().optional(),
  'strict-report': Switch,
  keep: z.coerce.number().int().min(1).max(10_000).default(10),
  'older-than': z.string().default('1d').transform(parsed(parseRetentionAge)),
  'pull-request-age': z.string().default('30d').transform(parsed(parseRetentionAge)),
  apply: Switch,
  from: z.string().optional(),
  strict: Switch,
  'base-image': z.string().optional().transform(checked(readImage)),
  print: Switch,
  stop: Switch,
  'workspace-name': z.string().optional(),
  state: z.string().optional(),
  json: Switch,
  quiet: Switch,
  debug: Switch,
});

/** The values of all options, checked; those that a command does not have keep their defaults. */
export const Settings = requirePairs(Values);
export type Settings = Readonly<z.infer<typeof Settings>>;

/** Without the option, tasks say for themselves. */
function inputsOrNone(text: string | undefined, context: z.RefinementCtx): InputOption {
  return text === undefined ? NO_INPUTS : parsed(parseInputOption)(text, context);
}

function readTaskSecrets(text: string): readonly string[] {
  return parseTaskSecrets(
    text,
    OPTION_ROWS.map(({ name }) => variableOf(name)),
  );
}

/** What stands in a file as it is written must be a name of an image and nothing else. */
function readImage(text: string): string {
  parseReference(text);
  return text;
}

function checked<T>(
  parse: (text: string) => T,
): (text: string | undefined, context: z.RefinementCtx) => T | undefined {
  const parseGiven = parsed(parse);
  return (text, context) => (text === undefined ? undefined : parseGiven(text, context));
}

function parsed<T>(parse: (text: string) => T): (text: string, context: z.RefinementCtx) => T {
  return (text, context) => {
    try {
      return parse(text);
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: withoutPassword(messageOf(thrown)) });
      return z.NEVER;
    }
  };
}

/** People put credentials into addresses (`https://user:password@host/…`); a message that quotes one must not. */
function withoutPassword(text: string): string {
  return text.replaceAll(/:[^\s:/@"]+@/g, ':********@');
}
