import { Text } from '@mantine/core';
import { Outlet, useParams } from '@tanstack/react-router';
import { useAsked } from '../api.ts';
import { AccountMenu } from './account-menu.tsx';
import { InHeader } from './header-slot.tsx';
import { NotFound } from './not-found.tsx';

/** The pages of an organization, for its members alone. */
export function Shell() {
  const { organizationId } = useParams({ from: '/o/$organizationId' });
  const me = useAsked('sessions.me', {});
  const organization = me.data?.organizations.find(({ id }) => id === organizationId);
  return (
    <>
      <InHeader>
        <Text truncate flex={1}>
          {organization?.name}
        </Text>
        {me.data !== undefined && <AccountMenu me={me.data} organizationId={organizationId} />}
      </InHeader>
      {me.data !== undefined && organization === undefined ? <NotFound /> : <Outlet />}
    </>
  );
}
