import { distribution, whyNoPackages } from './apt.mjs';
import { SetupFailure } from './failure.mjs';
import { findProgram } from './run.mjs';

/** Chromium without windows, which starts in half the time, else one with them, or what is made of it. */
const headlessShell = 'chromium-headless-shell';
const programs = [headlessShell, 'chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

/**
 * Where the browser is in which tests look at pages.
 * @returns {string | undefined}
 */
export function findBrowser() {
  return programs.map((name) => findProgram(name)).find((file) => file !== undefined);
}

/**
 * The package that brings it.
 * @returns {string}
 * @throws {SetupFailure} where there is none: Ubuntu's is a snap, which runs in no container
 */
export function browserPackage() {
  if (whyNoPackages() !== undefined || distribution().id === 'debian') return headlessShell;
  throw new SetupFailure(
    `cannot install ${headlessShell}: ${distribution().name} has Chromium as a snap alone`,
    'Install Google Chrome from its own package (https://www.google.com/chrome/), then run this again.',
  );
}
