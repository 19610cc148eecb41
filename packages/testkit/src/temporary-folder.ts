import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the folders of one test run are made; set by the global set-up, which removes it all at the end. */
export const temporaryRootVariable = 'LATCHKEY_TEST_FOLDER';

/** A new empty folder (mode 0700) that the test run removes at its end; outside a test run it stays. */
export function temporaryFolder(purpose: string): string {
  const root = process.env[temporaryRootVariable] ?? tmpdir();
  return mkdtempSync(join(root, `latchkey-${purpose}-`));
}
