/** What lies at the root of a repository, as far as a first configuration depends on it. */
export interface RepositoryLook {
  /** Files and folders. */
  readonly names: ReadonlySet<string>;
  /** The texts of those in {@link LOOKED_INTO} that are there. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The files whose texts decide what a first configuration declares. */
export const LOOKED_INTO = [
  'package.json',
  'pyproject.toml',
  'requirements.txt',
  'Pipfile',
  'pom.xml',
  'go.mod',
  'Cargo.toml',
  'Gemfile',
  'composer.json',
] as const;

/** What a first configuration does for one kind of project. */
export interface StarterTask {
  /** Such as `npm`; the task's name. */
  readonly kind: string;
  /** An image that has what the commands need. */
  readonly image: string;
  readonly init: string;
  /** All that `init` reads of the repository; a text says why that cannot be told. */
  readonly inputs: readonly string[] | string;
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The text of a file that a look has, else an empty one. */
export function textIn({ texts }: RepositoryLook, name: (typeof LOOKED_INTO)[number]): string {
  return texts.get(name) ?? '';
}

/** Those of the names that are there, in this order. */
export function present({ names }: RepositoryLook, wanted: readonly string[]): readonly string[] {
  return wanted.filter((name) => names.has(name));
}

/** Why inputs cannot be told where nothing pins what is installed. */
export const NO_LOCK = 'no lock file says what is installed';
