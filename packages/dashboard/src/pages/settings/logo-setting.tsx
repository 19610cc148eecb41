import type { Output } from '@latchkey/protocol';
import { FileButton, Group, Image, Stack, Text, Title } from '@mantine/core';
import { client, useAct, useChange } from '../../api.ts';
import { ActButton } from '../../components/form/act-button.tsx';
import { Problem } from '../../components/problem.tsx';

const types = ['image/png', 'image/jpeg', 'image/webp'] as const;
const maxBytes = 5 * 1024 * 1024;

/** The bytes of a file in base64; a data URL has them behind its comma. */
async function base64Of(file: File): Promise<string> {
  const reader = new FileReader();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
  reader.onerror = () => reject(new Error('The file could not be read.'));
  reader.readAsDataURL(file);
  return promise;
}

function useUpload(organizationId: string) {
  return useChange(async (file: File, options) => {
    const logoMimeType = types.find((type) => type === file.type);
    if (logoMimeType === undefined) throw new Error('Choose a PNG, JPEG or WebP picture.');
    if (file.size > maxBytes) throw new Error('The picture is larger than 5 MB. Choose a smaller one.');
    const logoBase64 = await base64Of(file);
    return client.callOrThrow('organizations.update', { organizationId, logoBase64, logoMimeType }, options);
  });
}

/** Shows the logo, and puts or takes it away. */
export function LogoSetting({
  organization: { organizationId, logo },
  isReadOnly,
}: {
  organization: Output<'organizations.get'>;
  isReadOnly: boolean;
}) {
  const upload = useUpload(organizationId);
  const remove = useAct('organizations.update');
  const error = upload.error ?? remove.error;
  return (
    <Stack align="start">
      <Title order={2} size="h4">
        Logo
      </Title>
      {logo === null ? (
        <Text>There is none yet. A PNG, JPEG or WebP picture of at most 5 MB can be one.</Text>
      ) : (
        // The digest makes another address of another picture: browsers keep the old one for a while.
        <Image
          src={`${logo.path}?${logo.sha256}`}
          alt="Logo of the organization"
          h={80}
          w="auto"
          maw="100%"
        />
      )}
      {!isReadOnly && (
        <Group>
          <FileButton accept={types.join(',')} onChange={(file) => file !== null && upload.mutate(file)}>
            {(props) => (
              <ActButton variant="default" loading={upload.isPending} {...props}>
                {logo === null ? 'Choose a logo' : 'Replace the logo'}
              </ActButton>
            )}
          </FileButton>
          {logo !== null && (
            <ActButton
              variant="default"
              loading={remove.isPending}
              onClick={() => remove.mutate({ organizationId, logo: null })}
            >
              Remove the logo
            </ActButton>
          )}
        </Group>
      )}
      {error !== null && <Problem error={error} />}
    </Stack>
  );
}
