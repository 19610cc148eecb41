/** Where Mantine keeps what somebody has chosen, and how it tells its style sheets. */
const [storageKey, attribute] = ['mantine-color-scheme-value', 'data-mantine-color-scheme'];

function chosen(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    // Some browsers are set to keep nothing.
    return null;
  }
}

/** Has the frame in the colours that Mantine, which comes after it, will keep to. */
export function applyColorScheme(): void {
  const scheme = chosen();
  const isDark =
    scheme === 'dark' || (scheme !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute(attribute, isDark ? 'dark' : 'light');
}
