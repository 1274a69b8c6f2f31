import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readConfig } from '../../../src/config/read-config.ts';
import { starterFile } from '../../../src/config/starter/starter-file.ts';
import { LOOKED_INTO } from '../../../src/config/starter/starter-task.ts';

type Files = Readonly<Record<string, string>>;

const starter = (files: Files, image?: string) =>
  starterFile(
    { names: new Set(Object.keys(files)), texts: new Map(Object.entries(files)) },
    image === undefined ? {} : { image },
  );

/** The configuration that a starter file is, as the strictest check reads it: nothing may be said about it. */
function configOf(files: Files, image?: string) {
  const { text } = starter(files, image);
  const { config, diagnostics } = readConfig(text, { repositoryName: 'app', strict: true });
  assert.deepEqual(diagnostics, [], text);
  assert.ok(config);
  return config;
}

const PACKAGE = '{"scripts":{"dev":"vite","start":"x"}}';
/** What lies there, and what comes of it: kind, image, init, inputs (none where they cannot be told). */
const PROJECTS: readonly (readonly [Files, string, string, string, string?])[] = [
  [
    { 'package.json': '{}', 'package-lock.json': '{}' },
    'npm',
    'node:24',
    'npm ci',
    'package-lock.json,package.json',
  ],
  [
    { 'package.json': '{}', 'npm-shrinkwrap.json': '', '.npmrc': '' },
    'npm',
    'node:24',
    'npm ci',
    '.npmrc,npm-shrinkwrap.json,package.json',
  ],
  [
    { 'package.json': '{}', 'pnpm-lock.yaml': '', patches: '' },
    'pnpm',
    'node:24',
    'corepack enable && pnpm install --frozen-lockfile',
    'package.json,patches,pnpm-lock.yaml',
  ],
  [
    { 'package.json': '{}', 'yarn.lock': '' },
    'yarn',
    'node:24',
    'yarn install --frozen-lockfile',
    'package.json,yarn.lock',
  ],
  [
    { 'package.json': '{}', 'yarn.lock': '', '.yarnrc.yml': '', '.yarn': '' },
    'yarn',
    'node:24',
    'corepack enable && yarn install --immutable',
    '.yarn,.yarnrc.yml,package.json,yarn.lock',
  ],
  [
    { 'package.json': '{}', 'bun.lock': '' },
    'bun',
    'oven/bun:1',
    'bun install --frozen-lockfile',
    'bun.lock,package.json',
  ],
  [{ 'package.json': '{}' }, 'npm', 'node:24', 'npm install'],
  [
    { 'package.json': '{"scripts":{"postinstall":"x"}}', 'package-lock.json': '' },
    'npm',
    'node:24',
    'npm ci',
  ],
  [{ 'package.json': '{"workspaces":["a"]}', 'package-lock.json': '' }, 'npm', 'node:24', 'npm ci'],
  [
    { 'package.json': '{"dependencies":{"a":"file:../a"}}', 'package-lock.json': '' },
    'npm',
    'node:24',
    'npm ci',
  ],
  [{ 'package.json': '{', 'package-lock.json': '' }, 'npm', 'node:24', 'npm ci'],
  [
    { 'pyproject.toml': '', 'uv.lock': '', '.python-version': '' },
    'uv',
    'python:3',
    'pip install uv && uv sync --frozen --no-install-project',
    '.python-version,pyproject.toml,uv.lock',
  ],
  [
    { 'pyproject.toml': '', 'poetry.lock': '', 'poetry.toml': '' },
    'poetry',
    'python:3',
    'pip install poetry && poetry install --no-root',
    'poetry.lock,poetry.toml,pyproject.toml',
  ],
  [
    { 'pyproject.toml': 'a = { path = "x" }', 'poetry.lock': '' },
    'poetry',
    'python:3',
    'pip install poetry && poetry install --no-root',
  ],
  [
    { Pipfile: '', 'Pipfile.lock': '' },
    'pipenv',
    'python:3',
    'pip install pipenv && pipenv sync',
    'Pipfile,Pipfile.lock',
  ],
  [
    { 'requirements.txt': 'flask==3.0\n' },
    'pip',
    'python:3',
    'pip install -r requirements.txt',
    'requirements.txt',
  ],
  [{ 'requirements.txt': '-r more.txt\n' }, 'pip', 'python:3', 'pip install -r requirements.txt'],
  [{ 'requirements.txt': 'x\n./local\n' }, 'pip', 'python:3', 'pip install -r requirements.txt'],
  [{ 'pyproject.toml': '' }, 'pip', 'python:3', 'pip install --editable .'],
  [
    { 'pom.xml': '<project/>', mvnw: '', '.mvn': '' },
    'maven',
    'maven:3-eclipse-temurin-21',
    'sh mvnw -B dependency:go-offline',
    '.mvn,mvnw,pom.xml',
  ],
  [{ 'pom.xml': '<modules>' }, 'maven', 'maven:3-eclipse-temurin-21', 'mvn -B -DskipTests install'],
  [{ 'build.gradle': '' }, 'gradle', 'gradle:jdk21', 'gradle --no-daemon assemble'],
  [{ 'settings.gradle.kts': '', gradlew: '' }, 'gradle', 'gradle:jdk21', 'sh gradlew --no-daemon assemble'],
  [{ 'go.mod': 'module a', 'go.sum': '' }, 'go', 'golang:1', 'go mod download', 'go.mod,go.sum'],
  [{ 'go.mod': 'replace a => ../a' }, 'go', 'golang:1', 'go mod download', '**/go.mod,**/go.sum'],
  [
    { 'Cargo.toml': '[package]', 'Cargo.lock': '', 'rust-toolchain.toml': '' },
    'cargo',
    'rust:1',
    'cargo fetch --locked',
    'Cargo.lock,Cargo.toml,rust-toolchain.toml',
  ],
  [
    { 'Cargo.toml': '[workspace]', 'Cargo.lock': '' },
    'cargo',
    'rust:1',
    'cargo fetch --locked',
    '**/Cargo.toml,Cargo.lock',
  ],
  [{ 'Cargo.toml': '[package]' }, 'cargo', 'rust:1', 'cargo fetch'],
  [
    { Gemfile: "gem 'rails'", 'Gemfile.lock': '' },
    'bundler',
    'ruby:3',
    'bundle install',
    'Gemfile,Gemfile.lock',
  ],
  [{ Gemfile: 'gemspec', 'Gemfile.lock': '' }, 'bundler', 'ruby:3', 'bundle install'],
  [
    { 'composer.json': '{}', 'composer.lock': '' },
    'composer',
    'composer:2',
    'composer install --no-interaction',
    'composer.json,composer.lock',
  ],
  [
    { 'composer.json': '{"scripts":{}}', 'composer.lock': '' },
    'composer',
    'composer:2',
    'composer install --no-interaction',
  ],
  [{ Makefile: '' }, 'make', 'buildpack-deps:stable', 'make'],
];

describe('starterFile', () => {
  for (const [files, kind, image, init, inputs] of PROJECTS) {
    it(`fits ${kind}, of ${Object.entries(files)
      .map(([name, text]) => (text === '' ? name : `${name} ${text.trim()}`))
      .join(', ')}`, () => {
      const { base, tasks } = configOf(files);
      assert.deepEqual(base, { kind: 'reference', reference: image });
      const [task, ...others] = tasks;
      assert.ok(task !== undefined && others.length === 0);
      assert.deepEqual([task.name, task.init, task.inputs?.join(',')], [kind, init, inputs]);
    });
  }

  it('starts what a package has to be started', () => {
    const files = { 'package.json': PACKAGE, 'pnpm-lock.yaml': '' };
    assert.equal(configOf(files).tasks[0]?.command, 'pnpm run dev');
    assert.deepEqual(configOf(files).tasks[0]?.env, { COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' });
    assert.equal(configOf({ 'package.json': '{}' }).tasks[0]?.command, undefined);
  });

  it('has a task for each kind, and an image that serves all', () => {
    const files = { 'package.json': '{}', 'package-lock.json': '', 'go.mod': '', Makefile: '' };
    const { base, tasks } = configOf(files);
    assert.deepEqual(base, { kind: 'reference', reference: 'gitpod/workspace-full' });
    assert.deepEqual(
      tasks.map(({ name }) => name),
      ['npm', 'go'],
    );
    assert.deepEqual(starter(files).kinds, ['npm', 'go']);
  });

  it('is whole where nothing is known, and takes the image that it is given', () => {
    assert.deepEqual(configOf({}).tasks, []);
    assert.deepEqual(configOf({}, 'debian:trixie').base, { kind: 'reference', reference: 'debian:trixie' });
  });

  it('passes the strictest check whatever lies there', () => {
    const names = PROJECTS.flatMap(([files]) => Object.keys(files));
    const text = fc.oneof(
      fc.constantFrom('', ...PROJECTS.flatMap(([files]) => Object.values(files))),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, ...LOOKED_INTO), text, { maxKeys: 6 }), (files) => {
        configOf(files);
      }),
    );
  });
});
