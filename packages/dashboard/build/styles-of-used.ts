import type { Plugin } from 'vite';

/** What every page needs, whichever components stand on it, beside the variables of the theme. */
const commonStyles = ['baseline', 'global'] as const;

/**
 * Sends the styles of a component together with the component, in place of those of all: these are a third of what a
 * browser would have to read before it shows anything. While developing, all are there.
 */
export const stylesOfUsed: Plugin = {
  name: 'styles-of-used',
  apply: 'build',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('/@mantine/core/styles.css')) return undefined;
    return commonStyles.map((name) => `@import '@mantine/core/styles/${name}.css';`).join('\n');
  },
  transform(code, id) {
    const [, name] = /\/@mantine\/core\/esm\/.+\/(\w+)\.module\.mjs$/.exec(id) ?? [];
    return name && `${code}\nimport '@mantine/core/styles/${name}.css';`;
  },
};
