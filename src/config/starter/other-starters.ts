import { NO_LOCK, present, textIn, type RepositoryLook, type StarterTask } from './starter-task.ts';

/** A module of Go. */
export function goStarter(look: RepositoryLook): StarterTask | undefined {
  if (present(look, ['go.mod', 'go.work']).length === 0) return undefined;
  // Modules of the repository are read by their own files, wherever they lie.
  const isAlone = !look.names.has('go.work') && !/=>\s*\.{1,2}\//.test(textIn(look, 'go.mod'));
  const inputs = isAlone
    ? present(look, ['go.mod', 'go.sum'])
    : ['**/go.mod', '**/go.sum', ...present(look, ['go.work', 'go.work.sum'])];
  return { kind: 'go', image: 'golang:1', init: 'go mod download', inputs };
}

/** A crate or a workspace of Rust. */
export function rustStarter(look: RepositoryLook): StarterTask | undefined {
  if (!look.names.has('Cargo.toml')) return undefined;
  const isAlone = !/^\s*\[workspace|\bpath\s*=/m.test(textIn(look, 'Cargo.toml'));
  const rest = present(look, ['Cargo.lock', '.cargo', 'rust-toolchain', 'rust-toolchain.toml']);
  const isLocked = look.names.has('Cargo.lock');
  return {
    kind: 'cargo',
    image: 'rust:1',
    init: isLocked ? 'cargo fetch --locked' : 'cargo fetch',
    inputs: isLocked ? [isAlone ? 'Cargo.toml' : '**/Cargo.toml', ...rest] : NO_LOCK,
  };
}

/** A Ruby project with Bundler. */
export function rubyStarter(look: RepositoryLook): StarterTask | undefined {
  if (!look.names.has('Gemfile')) return undefined;
  const isCode = /\bgemspec\b|\bpath\b|\beval_gemfile\b|\brequire_relative\b|\bFile\./.test(
    textIn(look, 'Gemfile'),
  );
  const whyUnlisted = isCode ? 'the Gemfile reads other files' : NO_LOCK;
  const isListed = !isCode && look.names.has('Gemfile.lock');
  const inputs = present(look, ['Gemfile', 'Gemfile.lock', '.ruby-version', '.tool-versions', '.bundle']);
  return {
    kind: 'bundler',
    image: 'ruby:3',
    init: 'bundle install',
    inputs: isListed ? inputs : whyUnlisted,
  };
}

/** A PHP project with Composer, which writes an autoloader of what it finds in the sources. */
export function phpStarter(look: RepositoryLook): StarterTask | undefined {
  if (!look.names.has('composer.json')) return undefined;
  const readsMore = /"(?:scripts|classmap|files|repositories|psr-0)"/.test(textIn(look, 'composer.json'));
  const whyUnlisted = readsMore ? 'composer.json lets it read the sources' : NO_LOCK;
  const isListed = !readsMore && look.names.has('composer.lock');
  const inputs = ['composer.json', 'composer.lock'];
  return {
    kind: 'composer',
    image: 'composer:2',
    init: 'composer install --no-interaction',
    inputs: isListed ? inputs : whyUnlisted,
  };
}

/** What a `Makefile` makes, where nothing else tells what a project is. */
export function makeStarter(look: RepositoryLook): StarterTask | undefined {
  if (present(look, ['GNUmakefile', 'makefile', 'Makefile']).length === 0) return undefined;
  const inputs = 'make may read anything';
  return { kind: 'make', image: 'buildpack-deps:stable', init: 'make', inputs };
}
