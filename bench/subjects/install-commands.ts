/** A command that installs what a lock file names, and the files that it reads. */
export interface InstallCommand {
  readonly pattern: RegExp;
  readonly reads: readonly string[];
}

/** Those whose files a Dockerfile that is tuned by hand copies first. */
export const INSTALL_COMMANDS: readonly InstallCommand[] = [
  { pattern: /^npm (?:ci|i|install)\b/, reads: ['package.json', 'package-lock.json'] },
  { pattern: /^yarn(?: install\b|$)/, reads: ['package.json', 'yarn.lock'] },
  { pattern: /^pnpm (?:i|install)\b/, reads: ['package.json', 'pnpm-lock.yaml'] },
  { pattern: /^pip3? install -r requirements\.txt\b/, reads: ['requirements.txt'] },
  { pattern: /^bundle install\b/, reads: ['Gemfile', 'Gemfile.lock'] },
  { pattern: /^go mod download\b/, reads: ['go.mod', 'go.sum'] },
  { pattern: /^composer install\b/, reads: ['composer.json', 'composer.lock'] },
];

/** The files of which one is a repository's lock file. */
export const LOCKS: ReadonlySet<string> = new Set(INSTALL_COMMANDS.map(({ reads }) => reads.at(-1) ?? ''));
