import { loadInside } from './shell/load-inside.ts';

/**
 * Begins all that is needed first at once, and holds nothing itself: whoever asks for a page of an organization most
 * likely is signed in, and gets what is inside while the rest comes.
 */
if (window.location.pathname !== '/') loadInside().catch(() => undefined);
void import('./start.tsx');
