import type { Plugin } from 'vite';

/** Has a browser fetch what the first script asks for while it fetches that script. */
export const startPreloaded: Plugin = {
  name: 'start-preloaded',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const start = Object.values(bundle).find(({ name }) => name === 'start');
      if (start?.type !== 'chunk') throw new Error('there is no chunk for the start');
      const preloaded = { rel: 'modulepreload', crossorigin: true };
      const scripts = [start.fileName, ...start.imports.filter((name) => bundle[name]?.name !== 'index')];
      return [
        ...scripts.map((name) => ({ ...preloaded, href: `/${name}` })),
        ...[...(start.viteMetadata?.importedCss ?? [])].map((name) => ({
          rel: 'stylesheet',
          crossorigin: true,
          href: `/${name}`,
        })),
      ].map((attrs) => ({ tag: 'link', attrs, injectTo: 'head' }));
    },
  },
};
