import { readSettings } from './lib/settings.ts';

/** Next calls this when the server starts, and never in a build: a wrong setting is named at once. */
export function register(): void {
  readSettings();
}
