import type { Output } from '@latchkey/protocol';
import { RouterProvider } from '@tanstack/react-router';
import { FirstOrganization } from '../pages/organizations/first-organization.tsx';
import { router } from '../router.tsx';

/** Resolves when the page that is asked for can be shown at once; there is none before the first organization. */
export async function prepareInside({ organizations }: Output<'sessions.me'>): Promise<void> {
  if (organizations.length > 0) await router.load();
}

/** What somebody sees who is signed in. */
export function Inside({ me: { email, organizations } }: { me: Output<'sessions.me'> }) {
  if (organizations.length === 0) return <FirstOrganization email={email} />;
  return <RouterProvider router={router} />;
}
