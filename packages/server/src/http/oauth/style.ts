/** Where the stylesheet of the sign-in pages is served. */
export const stylePath = '/oauth/style.css';

/** One column, sizes in rem so that 200 % zoom reflows, colours of at least 4.5:1 in light and dark. */
export const style = `:root {
  color-scheme: light dark;
  --text: #1a1d21;
  --quiet: #4f5862;
  --page: #f4f5f7;
  --card: #ffffff;
  --line: #7a838d;
  --edge: #d5d9de;
  --accent: #0b57c4;
  --on-accent: #ffffff;
  --alert: #a3161b;
  --alert-page: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #eceef1;
    --quiet: #b3bac2;
    --page: #14171a;
    --card: #1e2226;
    --line: #8b949e;
    --edge: #363d45;
    --accent: #8ab8ff;
    --on-accent: #0c1a2e;
    --alert: #ffb4ae;
    --alert-page: #3a1b1b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: 2rem 1rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
main {
  max-width: 30rem;
  margin: 0 auto;
  padding: 1.5rem 1.75rem 1.75rem;
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 0.75rem;
}
header { max-width: 30rem; margin: 0 auto 0.75rem; font-weight: 600; }
h1 { margin: 0 0 0.75rem; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 1.25rem 0 0.25rem; font-size: 1rem; }
p { margin: 0.5rem 0; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
dl { margin: 0.75rem 0; display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
.quiet { color: var(--quiet); }
.alert {
  margin: 0.75rem 0;
  padding: 0.5rem 0.75rem;
  background: var(--alert-page);
  border-left: 0.25rem solid var(--alert);
  color: var(--alert);
}
label { display: block; margin: 1rem 0 0.25rem; font-weight: 600; }
input {
  width: 100%;
  padding: 0.6rem 0.75rem;
  border: 1px solid var(--line);
  border-radius: 0.4rem;
  background: var(--card);
  color: var(--text);
  font: inherit;
}
fieldset { margin: 1rem 0 0; padding: 0.25rem 1rem 0.5rem; border: 1px solid var(--edge); border-radius: 0.4rem; }
legend { padding: 0 0.4rem; font-weight: 600; }
.choice { display: flex; gap: 0.6rem; align-items: baseline; }
.choice input { width: auto; accent-color: var(--accent); }
.choice label { margin: 0; font-weight: 400; }
input.code { font: 1.4rem/1.4 ui-monospace, monospace; letter-spacing: 0.2em; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.25rem 0 0.75rem; }
button, a.button {
  flex: 1 1 9rem;
  padding: 0.65rem 1rem;
  border: 1px solid var(--accent);
  border-radius: 0.4rem;
  background: var(--accent);
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
button.second, a.second { background: transparent; color: var(--accent); }
button.plain {
  flex: none;
  padding: 0.25rem 0;
  border: 0;
  background: none;
  color: var(--accent);
  font-weight: 400;
  text-decoration: underline;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: 1em ui-monospace, monospace; }
pre { margin: 0.5rem 0; font: inherit; white-space: pre-wrap; }
`;
