import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectPath } from '@latchkey/testkit';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Person, sizes } from './journey.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
};
const themes = ['light', 'dark'] as const;
/** What is left of the desktop at 200 % (WCAG 2.2, 1.4.4). */
const zoomed = { width: 640, height: 400 };

/** What breaks WCAG 2.2 AA on the page as it is shown now, each with the elements that do. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(rules)})`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

/** How far the page is wider than the window: a person would have to scroll two ways. */
export async function overflow(page: Page): Promise<number> {
  return (await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')) as number;
}

/**
 * Looks at the page that is shown, in both sizes and both themes, and zoomed: accessible, not wider than the window,
 * nothing to complain of. Pictures are written into docs/screenshots where `LATCHKEY_SCREENSHOTS=1` asks for them: they show keys
 * and times of that run, so that a usual run would leave changed files behind. No picture shows a secret.
 */
export async function lookAt({ page, complaints }: Person, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `${name}, ${size}, ${colorScheme}`).toEqual([]);
      if (process.env.LATCHKEY_SCREENSHOTS === '1') {
        const folder = projectPath('docs/screenshots');
        mkdirSync(folder, { recursive: true });
        const path = join(folder, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({
          path,
          mask: [page.getByLabel(/^The (new|instance) key$/)],
          maskColor: '#808080',
        });
      }
    }
    expect(await overflow(page), `${name}, ${size}: wider than the window`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(zoomed);
  expect(await overflow(page), `${name}, at 200 %: wider than the window`).toBeLessThanOrEqual(0);
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: null });
  expect(complaints).toEqual([]);
}
