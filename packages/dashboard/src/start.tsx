import '@mantine/core/styles.css';
import { createRoot } from 'react-dom/client';
import './app.css';
import { App } from './app.tsx';
import { prepareGate } from './shell/gate.tsx';

/** Below this nobody misses a sign that something is being loaded. */
const patienceMs = 1_000;

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the dashboard');
const isLate = new Promise((resolve) => setTimeout(resolve, patienceMs));
void Promise.race([prepareGate().catch(() => undefined), isLate]).then(() =>
  createRoot(root).render(<App />),
);
