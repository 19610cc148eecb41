import type { Output } from '@latchkey/protocol';
import { Center, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { isSignedOut, queries, useWhoIsThere, whoIsThere } from '../api.ts';
import { Problem } from '../components/problem.tsx';
import { loadedInside, loadInside } from './load-inside.ts';

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Center component="main" h="100vh" p="md">
      <Problem error={error} onRetry={onRetry} />
    </Center>
  );
}

function Loading() {
  return (
    <Center component="main" h="100vh" p="md">
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

/** Resolves when the gate can show at once what comes first. */
export async function prepareGate(): Promise<void> {
  await queries.prefetchQuery(whoIsThere);
  const me = queries.getQueryData<Output<'sessions.me'>>(whoIsThere.queryKey);
  if (me === undefined) return;
  const { prepareInside } = await loadInside();
  await prepareInside(me);
}

/** What is shown inside, in whose place an error stands when it could not be loaded. */
function Lazily({ me }: { me: Output<'sessions.me'> }) {
  const [loaded, setLoaded] = useState(loadedInside);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (loaded === undefined) loadInside().then(setLoaded, setError);
  }, [loaded]);
  if (loaded !== undefined) return <loaded.Inside me={me} />;
  if (error === undefined) return <Loading />;
  return <Failed error={error} onRetry={() => window.location.reload()} />;
}

/**
 * Nothing is shown before it is known who is there. Once it is known, a question that fails on its way does not take
 * away what somebody is in the middle of.
 */
export function Gate() {
  const me = useWhoIsThere();
  if (isSignedOut(me.error)) return <SignedOut />;
  if (me.data === undefined) {
    if (me.error === null) return <Loading />;
    return <Failed error={me.error} onRetry={() => void me.refetch()} />;
  }
  return <Lazily me={me.data} />;
}
