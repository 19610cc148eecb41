import { Anchor, type CSSVariablesResolver, createTheme, InputWrapper } from '@mantine/core';

const shaded = ['red', 'orange', 'yellow', 'green', 'blue', 'gray'] as const;

/** System fonts: nothing is loaded from elsewhere. */
export const theme = createTheme({
  primaryColor: 'blue',
  // White stands on it in both schemes.
  primaryShade: 8,
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // A link in a text is told by more than its colour (WCAG 2.2, 1.4.1).
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    // As all else on the page (app.css), which the library overrules here.
    InputWrapper: InputWrapper.extend({ styles: { label: { overflowWrap: 'anywhere' } } }),
  },
});

/** Text on a tint of its own colour; the library's shades are too light for yellow, orange and green. */
const onTint = Object.fromEntries(
  shaded.map((color) => [
    `--mantine-color-${color}-light-color`,
    `color-mix(in srgb, var(--mantine-color-${color}-9) 60%, black)`,
  ]),
);

/** Every text has a contrast of at least 4.5:1 to what it stands on, in both schemes (WCAG 2.2, 1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...onTint,
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
  },
});
