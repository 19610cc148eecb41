import { Center, Loader } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isSignedOut, queries, useWhoIsThere, whoIsThere } from '../api.ts';
import { useHoldsInput } from '../components/form/held-input.ts';
import { Problem } from '../components/problem.tsx';
import { FirstOrganization } from '../pages/organizations/first-organization.tsx';
import { router } from '../router.tsx';

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Center mih="50vh" p="md">
      <Problem error={error} onRetry={onRetry} />
    </Center>
  );
}

function Loading() {
  return (
    <Center mih="50vh" p="md">
      <Loader aria-label="Loading" />
    </Center>
  );
}

/** The way in is a page of the server, which leads back here. */
function SignedOut() {
  useEffect(() => {
    const { pathname, search, hash } = window.location;
    window.location.replace(`/session/sign-in?to=${encodeURIComponent(`${pathname}${search}${hash}`)}`);
  }, []);
  return <Loading />;
}

/** Resolves when the gate can show at once what comes first; there is no page before the first organization. */
export async function prepareGate(): Promise<void> {
  const { organizations } = await queries.ensureQueryData(whoIsThere);
  if (organizations.length > 0) await router.load();
}

/**
 * Nothing is shown before it is known who is there. Once it is known, a question that fails on its way does not take
 * away what somebody is in the middle of; nor does the end of their session, while a form holds what they have typed.
 */
export function Gate() {
  const me = useWhoIsThere();
  const isKept = useHoldsInput() && me.data !== undefined;
  if (isSignedOut(me.error) && !isKept) return <SignedOut />;
  if (me.data === undefined) {
    if (me.error === null) return <Loading />;
    return <Failed error={me.error} onRetry={() => void me.refetch()} />;
  }
  const { email, organizations } = me.data;
  return organizations.length === 0 ? (
    <FirstOrganization email={email} />
  ) : (
    <RouterProvider router={router} />
  );
}
