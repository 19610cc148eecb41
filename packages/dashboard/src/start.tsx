import '@mantine/core/styles.css';
import 'virtual:theme-variables.css';
import { createRoot, type Root } from 'react-dom/client';
import './app.css';
import { applyColorScheme } from './shell/color-scheme.ts';
import { Frame } from './shell/frame.tsx';
import { organizationIn } from './shell/places.ts';

/** A page that nobody looks at is not painted. */
const unseenMs = 100;

/** Resolves when what was rendered is on the screen. */
function isPainted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, unseenMs);
  return promise;
}

/** Shows the frame first, which leads on by itself, and then all else in it. */
async function start(root: Root): Promise<void> {
  root.render(<Frame />);
  if (organizationIn(window.location.pathname) !== undefined) await isPainted();
  const { dashboard, prepareDashboard } = await import('./dashboard.tsx');
  await prepareDashboard();
  root.render(<Frame dashboard={dashboard} />);
}

const place = document.getElementById('root');
if (place === null) throw new Error('the page has no place for the dashboard');
applyColorScheme();
const root = createRoot(place);
// Not awaited here: what comes later imports this module, and would wait for it.
start(root).catch(() => root.render(<Frame isMissing />));
