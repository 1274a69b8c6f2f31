import { aboutKey, type Finding, type NodePath, type Tell } from '../finding.ts';
import { nearestWord } from '../nearest-word.ts';
import { quoted } from '../printable.ts';
import { DevcontainerFile } from './devcontainer-file.ts';

type Telling = readonly [severity: Finding['severity'], why: string, suggestion?: string];

const TO_DOCKERFILE = 'write it into the Dockerfile';

/** What would make another workspace than was meant, so that nothing is built. */
const REFUSED: Readonly<Record<string, Telling>> = {
  features: [
    'error',
    'Features are not installed',
    'name an image that has them, or install them in a Dockerfile',
  ],
  dockerComposeFile: [
    'error',
    'Docker Compose is not supported',
    'name the image of the service by "image", or its Dockerfile by "build"',
  ],
  'build.options': ['error', 'options are not given to the build', TO_DOCKERFILE],
};

/** What the workspace can be made without, and what happens instead. */
const NOT_ACTED_ON: Readonly<Record<string, Telling>> = {
  'build.cacheFrom': ['info', 'a base that was built is kept in the registry by itself'],
  initializeCommand: ['warning', 'nothing runs outside of the container'],
  postAttachCommand: ['info', 'Dev Containers clients run it when they attach; "preheat start" does not'],
  mounts: ['warning', 'builds and "preheat start" mount nothing; Dev Containers clients do'],
  runArgs: ['warning', 'neither builds nor "preheat start" hand them to the engine'],
  appPort: ['warning', 'no port is published for it', 'use "forwardPorts"'],
  devPort: ['info', 'it means nothing any more'],
  privileged: ['warning', 'builds and "preheat start" give no privileges; Dev Containers clients do'],
  capAdd: ['warning', 'builds and "preheat start" add no capabilities; Dev Containers clients do'],
  securityOpt: ['warning', 'builds and "preheat start" set none; Dev Containers clients do'],
  init: ['info', 'the engine decides in builds and in "preheat start"; Dev Containers clients act on it'],
  hostRequirements: ['info', 'Dev Containers clients are told'],
  secrets: ['info', 'commands of a build get what --task-secrets names'],
  shutdownAction: ['info', 'Dev Containers clients are told'],
  updateRemoteUserUID: [
    'info',
    'the checkout in the image belongs to the user under the number that it has there',
  ],
  userEnvProbe: ['info', 'commands run below an interactive bash, which reads ~/.bashrc'],
  waitFor: ['info', 'a build waits for everything that it runs'],
};

/** What is read, what goes into the image's label as it is, and what is only for people and editors. */
const SILENT = [
  ...Object.keys(DevcontainerFile.shape),
  '$schema',
  'name',
  'settings',
  'otherPortsAttributes',
  'overrideFeatureInstallOrder',
  'overrideCommand',
  'service',
  'runServices',
];
const OF_BUILD = ['dockerfile', 'context', 'args', 'target', 'options', 'cacheFrom'];
const KNOWN = [...SILENT, ...Object.keys(REFUSED), ...Object.keys(NOT_ACTED_ON)].filter(
  (key) => !key.includes('.'),
);

/** Tells of each property by name that is refused, not acted on, or not known; what says nothing passes. */
export function tellKeys(file: Readonly<Record<string, unknown>>, tell: Tell): void {
  for (const [path, value] of propertiesOf(file)) {
    const name = path.join('.');
    const refused = REFUSED[name];
    const passedOver = NOT_ACTED_ON[name];
    if (refused !== undefined) tellOf(path, value, refused, `"${name}" is refused`, tell);
    else if (passedOver !== undefined)
      tellOf(path, value, passedOver, `"${name}" is not acted on by this version`, tell);
    else tellUnknown(path, tell);
  }
  if (file['overrideCommand'] === false)
    tell(
      aboutKey(
        'warning',
        ['overrideCommand'],
        '"overrideCommand": false is not acted on by this version: the program of the base image does not start',
      ),
    );
}

/** The keys of the file, and those of `build`. */
function propertiesOf(
  file: Readonly<Record<string, unknown>>,
): readonly (readonly [path: readonly string[], value: unknown])[] {
  const top = Object.entries(file).map(([key, value]) => [[key], value] as const);
  const { build } = file;
  if (typeof build !== 'object' || build === null || Array.isArray(build)) return top;
  return [...top, ...Object.entries(build).map(([key, value]) => [['build', key], value] as const)];
}

function tellOf(
  path: NodePath,
  value: unknown,
  [severity, why, suggestion]: Telling,
  what: string,
  tell: Tell,
): void {
  if (!saysNothing(value)) tell(aboutKey(severity, path, `${what}: ${why}`, suggestion));
}

function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function tellUnknown(path: readonly string[], tell: Tell): void {
  const key = path.at(-1) ?? '';
  const known = path.length > 1 ? OF_BUILD : KNOWN;
  if (known.includes(key)) return;
  const near = nearestWord(key, known);
  const place = path.length > 1 ? ` in ${path[0]}` : '';
  const suggestion = near === undefined ? 'remove it' : `did you mean "${near}"?`;
  tell(aboutKey('warning', path, `unknown key ${quoted(key)}${place}`, suggestion));
}
