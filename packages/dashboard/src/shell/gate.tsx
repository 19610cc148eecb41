import { Center, Loader } from '@mantine/core';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { isSignedOut, useAsked } from '../api.ts';
import { Problem } from '../components/problem.tsx';
import { FirstOrganization } from '../pages/organizations/first-organization.tsx';
import { SignIn } from '../pages/sign-in/sign-in.tsx';

/**
 * Nothing is shown before it is known who is there; the start page leads to their first organization. Once it is
 * known, a question that fails on its way does not take away what somebody is in the middle of.
 */
export function Gate() {
  const me = useAsked('sessions.me', {});
  const { pathname } = useLocation();
  if (isSignedOut(me.error)) return <SignIn />;
  if (me.data === undefined) {
    return (
      <Center component="main" h="100vh" p="md">
        {me.error === null ? (
          <Loader aria-label="Loading" />
        ) : (
          <Problem error={me.error} onRetry={() => void me.refetch()} />
        )}
      </Center>
    );
  }
  const [first] = me.data.organizations;
  if (first === undefined) return <FirstOrganization email={me.data.email} />;
  if (pathname === '/') {
    return <Navigate to="/o/$organizationId" params={{ organizationId: first.id }} replace />;
  }
  return <Outlet />;
}
