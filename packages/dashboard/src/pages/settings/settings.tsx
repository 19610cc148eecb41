import { Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useAsked } from '../../api.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { LogoSetting } from './logo-setting.tsx';
import { OrganizationForm } from './organization-form.tsx';
import { ServerSettings } from './server-settings.tsx';

/** The organization, and what its server is set to. */
export function Settings() {
  const { organizationId } = useParams({ from: '/o/$organizationId/settings' });
  const { role, isAdmin } = useRole(organizationId);
  const { data: organization, error, refetch } = useAsked('organizations.get', { organizationId });
  return (
    <Stack maw={760}>
      <PageHeader
        title="Settings"
        purpose="How your organization is shown, and what this server is set to."
      />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {role !== undefined && !isAdmin && <Text>Owners and admins can change what stands here.</Text>}
      {organization !== undefined && (
        <>
          <OrganizationForm key={organizationId} organization={organization} isReadOnly={!isAdmin} />
          <LogoSetting organization={organization} isReadOnly={!isAdmin} />
        </>
      )}
      {isAdmin && <ServerSettings organizationId={organizationId} />}
    </Stack>
  );
}
