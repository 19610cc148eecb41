import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { queries } from './api.ts';
import { styleNonce } from './nonce.ts';
import { router } from './router.tsx';
import type { Dashboard } from './shell/frame.tsx';
import { Gate, prepareGate } from './shell/gate.tsx';
import { theme } from './theme.ts';

/** Below this nobody misses a sign that something is being loaded. */
const patienceMs = 1_000;

/** The variables of the theme are in a style sheet already (build/theme-variables.ts). */
function Content() {
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Resolves when what is asked for can be shown at once, or has taken its time. */
export async function prepareDashboard(): Promise<void> {
  const isLate = new Promise((resolve) => setTimeout(resolve, patienceMs));
  await Promise.race([prepareGate().catch(() => undefined), isLate]);
}

/** All that the frame is for. */
export const dashboard: Dashboard = {
  Content,
  pathname: () => router.history.location.pathname,
  onMove: (moved) => router.history.subscribe(moved),
  goTo: (to, organizationId) => void router.navigate({ to, params: { organizationId } }),
  prepare: (to, organizationId) => void router.preloadRoute({ to, params: { organizationId } }),
};
