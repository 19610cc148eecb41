import { Table, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useAsked } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';

/** Every key of the organization. */
export function Keys() {
  const { organizationId } = useParams({ from: '/o/$organizationId/keys' });
  const keys = useAsked('keys.listOfOrganization', { organizationId });
  return (
    <>
      <Title order={1}>Keys</Title>
      {keys.error !== null && <Problem error={keys.error} />}
      <Table>
        <Table.Tbody>
          {keys.data?.keys.map((key) => (
            <Table.Tr key={key.keyId}>
              <Table.Td>{key.name}</Table.Td>
              <Table.Td>{key.keyPrefix}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
