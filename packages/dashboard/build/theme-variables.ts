import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import type { Plugin } from 'vite';
import { cssVariables, theme } from '../src/theme.ts';

const id = 'virtual:theme-variables.css';

function variables(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme);
  const [usual, own] = [defaultCssVariablesResolver(merged), cssVariables(merged)];
  return convertCssVariables(
    {
      variables: { ...usual.variables, ...own.variables },
      light: { '--mantine-color-scheme': 'light', ...usual.light, ...own.light },
      dark: { '--mantine-color-scheme': 'dark', ...usual.dark, ...own.dark },
    },
    ':root',
  );
}

/** The variables of the theme as a style sheet: they need not be made anew in every browser, and are there before Mantine is. */
export const themeVariables: Plugin = {
  name: 'theme-variables',
  resolveId: (source) => (source === id ? `\0${id}` : undefined),
  load: (source) => (source === `\0${id}` ? variables() : undefined),
};
