import { Group, Stack, Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useAsked } from '../../api.ts';
import { environmentName } from '../../components/environments.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { ApiAccess } from './api-access.tsx';
import { ArchiveInstance } from './archive-instance.tsx';
import { InstanceSettings } from './instance-settings.tsx';
import { InstanceState } from './instance-state.tsx';
import { PublicAccess } from './public-access.tsx';
import { SwitchInstance } from './switch-instance.tsx';
import { firstTab, tabs } from './tabs.ts';
import { TriggerPanel } from './trigger-panel.tsx';
import { useCan } from './use-can.ts';
import { Workflows } from './workflows.tsx';

/** One process instance: triggering it, letting others in, and how it is set. */
export function InstancePage() {
  const from = '/o/$organizationId/instances/$instanceId';
  const { organizationId, instanceId: processInstanceId } = useParams({ from });
  const { tab = firstTab.tab } = useSearch({ from });
  const navigate = useNavigate({ from });
  const { data: instance, error, refetch } = useAsked('instances.get', { processInstanceId });
  const { isAdmin } = useRole(organizationId);
  const mayManage = useCan(organizationId, 'instances:manage');
  const isArchived = instance?.archived ?? false;
  const canManage = mayManage && !isArchived;
  const canTrigger = useCan(organizationId, 'workflows:trigger');
  return (
    <Stack maw={1000}>
      <Group>
        <PageLink to="/o/$organizationId/instances" params={{ organizationId }}>
          All instances
        </PageLink>
        <PageLink
          to="/o/$organizationId/executions"
          params={{ organizationId }}
          search={{ instance: processInstanceId }}
        >
          Its executions
        </PageLink>
      </Group>
      <PageHeader
        title={instance?.title ?? 'Instance'}
        {...(instance !== undefined && { purpose: `In ${environmentName(instance.environment)}.` })}
        actions={
          instance !== undefined && (
            <>
              <InstanceState {...instance} />
              {canManage && <SwitchInstance instance={instance} />}
            </>
          )
        }
      />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {instance !== undefined && (
        <Tabs
          key={processInstanceId}
          value={tabs.some(({ value }) => value === tab) ? tab : firstTab.tab}
          onChange={(chosen) =>
            void navigate({ search: { tab: chosen ?? firstTab.tab }, replace: true, resetScroll: false })
          }
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="trigger">
            <TriggerPanel instance={instance} canTrigger={canTrigger} />
          </Tabs.Panel>
          <Tabs.Panel value="public">
            <PublicAccess instance={instance} isAdmin={isAdmin && !isArchived} />
          </Tabs.Panel>
          <Tabs.Panel value="api">
            <ApiAccess instance={instance} canManage={canManage} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <Stack gap="xl">
              <InstanceSettings instance={instance} canManage={canManage} />
              <Workflows instance={instance} canManage={canManage} />
              {canManage && <ArchiveInstance instance={instance} />}
            </Stack>
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  );
}
