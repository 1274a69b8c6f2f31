import { makeBusybox } from './busybox-image.mjs';
import { makeDebian } from './debian-image.mjs';
import { makeNode } from './node-image.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

const usual = ['ca-certificates', 'git', 'curl', 'procps', 'bash', 'sudo'];
/** What the official image has for programs in C: compiler, make, and the tools that make a `configure`. */
const forPrograms = ['gcc', 'libc6-dev', 'make', 'autoconf', 'automake', 'libtool'];

/**
 * How each base image is made where no registry can be reached. Nothing of this machine enters: the roots hold
 * files of Debian's and npm's packages only, without host name, resolver, certificates or apt settings.
 * @type {Readonly<Record<string, (engine: Engine, name: string) => Promise<void>>>}
 */
export const standIns = {
  'debian:bookworm': (engine, name) => makeDebian(engine, name, 'bookworm', usual),
  'node:24-bookworm': (engine, name) => makeNode(engine, name, 'debian:bookworm'),
  'busybox:1.36': makeBusybox,
  'buildpack-deps:bookworm': (engine, name) =>
    makeDebian(engine, name, 'bookworm', [...usual, ...forPrograms]),
  'debian:trixie-slim': (engine, name) => makeDebian(engine, name, 'trixie', []),
  'node:24-trixie-slim': (engine, name) => makeNode(engine, name, 'debian:trixie-slim'),
};
