import { distribution, whyNoPackages } from './apt.mjs';
import { SetupFailure } from './failure.mjs';
import { findProgram } from './run.mjs';

/** The names under which Chromium, or what is made of it, is installed. */
const programs = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

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
  if (whyNoPackages() !== undefined || distribution().id === 'debian') return 'chromium';
  throw new SetupFailure(
    `cannot install chromium: ${distribution().name} has it as a snap alone`,
    'Install Google Chrome from its own package (https://www.google.com/chrome/), then run this again.',
  );
}
