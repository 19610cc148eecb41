/** What a developer's shell or the test runner may have set, and what a child under test must not see. */
const foreign =
  /^(LATCHKEY|CODIKA|VITEST|XDG|LC|npm)_|^(LANG|LANGUAGE|VITEST|TEST|MODE|DEV|PROD|SSR|BASE_URL|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|NO_COLOR|NODE_EXTRA_CA_CERTS)$/;

/** The environment of this process without anything that steers Latchkey, the published client, Node or dates. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
