import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../setup/browser.mjs';

/** What keeps the browser from speaking to anyone by itself, and lets it run in a container. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Starts headless Chromium, as set-up found it, with an empty profile that goes with it. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('cannot start chromium: there is none; run npm run setup');
  // Root's processes get no sandbox: https://crbug.com/638180
  return chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: process.getuid?.() !== 0 });
}
