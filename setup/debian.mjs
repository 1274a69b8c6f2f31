/**
 * Which Debian package sources serve a machine; pure, so that it can be tested without being that machine.
 * @typedef {object} Distribution
 * @property {string} id `ID` of os-release(5), "" when unknown
 * @property {string} version `VERSION_ID`, such as "12" or "24.04"
 * @property {string} name `PRETTY_NAME`, for messages
 */

/** Packages that Debian 12 has too old or not at all. What they depend on (libc6 ≥ 2.34, runc) Debian 12 has. */
export const fromTrixie = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd', 'oras'];

const defaultMirror = 'http://deb.debian.org/debian';

/**
 * @param {string} osRelease the text of /etc/os-release
 * @returns {Distribution}
 */
export function parseOsRelease(osRelease) {
  const field = (/** @type {string} */ key) =>
    new RegExp(`^${key}=["']?([^"'\n]*)["']?$`, 'm').exec(osRelease)?.[1] ?? '';
  const id = field('ID');
  return { id, version: field('VERSION_ID'), name: field('PRETTY_NAME') || id || 'an unknown system' };
}

/**
 * Where the packages come from: the system's own sources, those and a pinned Debian 13, or nowhere.
 * @param {Distribution} distribution
 * @returns {'own' | 'pinned trixie' | 'none'}
 */
export function packageSource({ id, version }) {
  const major = Number.parseInt(version, 10);
  if (id === 'debian' && major === 12) return 'pinned trixie';
  if (id === 'debian') return major >= 13 || version === '' ? 'own' : 'none'; // testing and sid have no VERSION_ID
  if (id === 'ubuntu') return major >= 22 ? 'own' : 'none';
  return 'none';
}

/**
 * The archive that the machine already uses for its main packages, so that a local mirror serves Debian 13 too.
 * @param {string} sources the texts of sources.list and sources.list.d, one after the other
 * @returns {string} its URI, Debian's own when none is named
 */
export function mirrorOf(sources) {
  const oneLine = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+bookworm\s.*\bmain\b/m.exec(sources)?.[1];
  const stanzas = sources.split(/\n\s*\n/).filter((stanza) => /^Suites:.*\bbookworm(?:\s|$)/m.test(stanza));
  const deb822 = stanzas
    .map((stanza) => /^URIs:\s*(\S+)/m.exec(stanza)?.[1])
    .find((uri) => uri !== undefined);
  return oneLine ?? deb822 ?? defaultMirror;
}

/**
 * @param {string} mirror
 * @returns {string} a sources.list.d file in deb822 form (sources.list(5))
 */
export function trixieSources(mirror) {
  return `# Written by preheat's set-up (setup/debian.mjs); preferences.d/preheat-trixie says what may come from here.
Types: deb
URIs: ${mirror}
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
}

/**
 * A preferences.d file (apt_preferences(5)): nothing comes from Debian 13 but the packages named here.
 * Priority 100 would let apt take other packages that only Debian 13 has; a negative one forbids it.
 */
export function trixiePin() {
  return `# Written by preheat's set-up (setup/debian.mjs).
Package: *
Pin: release n=trixie
Pin-Priority: -10

Package: ${fromTrixie.join(' ')}
Pin: release n=trixie
Pin-Priority: 600
`;
}
