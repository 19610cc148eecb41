import type { Plugin, Rolldown } from 'vite';

type Bundle = Record<string, Rolldown.OutputChunk | Rolldown.OutputAsset>;

/** The scripts of the dashboard and their styles; it is in one chunk, or in two of one name. */
function filesOfDashboard(bundle: Bundle): { scripts: string[]; styles: string[] } {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const own = chunks.filter(({ name }) => name === 'dashboard');
  if (own.length === 0) throw new Error('there is no chunk of the dashboard');
  return {
    scripts: own.map(({ fileName }) => fileName),
    styles: own.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]),
  };
}

/** Has a browser fetch what comes after the frame while it shows the frame, and not read it before. */
export const dashboardPreloaded: Plugin = {
  name: 'dashboard-preloaded',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const { scripts, styles } = filesOfDashboard(bundle);
      const preloaded = (as: string) => (name: string) => ({
        tag: 'link',
        attrs: { rel: 'preload', as, crossorigin: true, href: `/${name}` },
        injectTo: 'head' as const,
      });
      return [...scripts.map(preloaded('script')), ...styles.map(preloaded('style'))];
    },
  },
};
