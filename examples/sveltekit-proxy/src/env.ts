import { defineEnvVars } from '@sveltejs/kit/env';
import { building } from '$app/env';

// A build needs no settings, and none is to end up in it.
function text(value = ''): string {
  if (value === '' && !building) throw new Error('is not set; see .env.example');
  return value;
}

function baseUrl(value?: string): string {
  if (!URL.canParse(text(value)) && !building) throw new Error('is not a URL');
  return text(value).replace(/\/+$/, '');
}

function list(value?: string): string[] {
  return text(value)
    .split(',')
    .map((item) => item.trim());
}

/** Read when the server starts, which a wrong one prevents. All are private: scripts of the browser cannot import them. */
export const variables = defineEnvVars({
  LATCHKEY_API_KEY: { schema: text, description: 'The key of the instance, `ck_…`.' },
  PROCESS_INSTANCE_ID: { schema: text },
  WORKFLOW_IDS: { schema: list, description: 'The workflows that visitors of the page may start.' },
  LATCHKEY_TRIGGER_BASE_URL: { schema: baseUrl, description: '`https://<latchkey>/webhook`' },
  LATCHKEY_STATUS_BASE_URL: { schema: baseUrl, description: '`https://<latchkey>/status`' },
});
