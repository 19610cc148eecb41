import { Center, Loader } from '@mantine/core';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { isSignedOut, useAsked } from '../api.ts';
import { Problem } from '../components/problem.tsx';
import { SignIn } from '../pages/sign-in/sign-in.tsx';

/** Nothing is shown before it is known who is there; the start page leads to their first organization. */
export function Gate() {
  const me = useAsked('sessions.me', {});
  const { pathname } = useLocation();
  if (isSignedOut(me.error)) return <SignIn />;
  if (me.error !== null) return <Problem error={me.error} onRetry={() => void me.refetch()} />;
  if (me.data === undefined) {
    return (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  const [first] = me.data.organizations;
  if (pathname === '/' && first !== undefined) {
    return <Navigate to="/o/$organizationId" params={{ organizationId: first.id }} replace />;
  }
  return <Outlet />;
}
