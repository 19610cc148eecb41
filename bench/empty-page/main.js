import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

/** The least that React shows: one heading. */
createRoot(document.getElementById('root')).render(createElement('h1', null, 'Nothing'));
