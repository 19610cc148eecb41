import { isRoleAtLeast, type Role, roles } from '@latchkey/protocol/permissions';
import { NativeSelect } from '@mantine/core';

/** What each role is for, in a line. */
export const roleWords: Readonly<Record<Role, string>> = {
  owner: 'Owner: everything, also other owners',
  admin: 'Admin: keys, people and workspaces',
  developer: 'Developer: deploys and manages workflows',
  runner: 'Runner: starts workflows',
  'read-only': 'Read-only: looks, and changes nothing',
};

/** The roles that somebody may give: none greater than their own. */
export function RoleChoice({
  own,
  value,
  onChange,
}: {
  own: Role;
  value: Role;
  onChange: (role: Role) => void;
}) {
  const given = roles.filter((role) => isRoleAtLeast(own, role));
  return (
    <NativeSelect
      label="Role"
      data={given.map((role) => ({ value: role, label: roleWords[role] }))}
      value={value}
      onChange={({ currentTarget }) => onChange(given.find((role) => role === currentTarget.value) ?? value)}
    />
  );
}
