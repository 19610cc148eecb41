import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@latchkey/testkit';

/** The smallest picture: one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The path of a new file of this name that holds the PNG picture, whatever the name says. */
export function logoFile(name: string): string {
  const path = join(temporaryFolder('logo'), name);
  writeFileSync(path, png);
  return path;
}
