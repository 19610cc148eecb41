import { findChromium } from '@latchkey/testkit';
import { type Browser, chromium } from 'playwright-core';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const alone = ['--disable-background-networking', '--disable-component-update'];

/** Starts Chromium without a window. Throws when there is none on this machine. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: run node tools/prepare-peers.ts');
  return await chromium.launch({ executablePath, args: [...quiet, ...alone] });
}
