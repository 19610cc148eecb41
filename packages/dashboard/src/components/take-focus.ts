/** As a `ref`: what has just come into a dialog that is open already takes the focus. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}
