/** Posts JSON to Latchkey with a key and answers the data; throws the answer where it is a refusal. */
export async function post(
  port: number,
  path: string,
  key: string,
  body: object,
): Promise<Record<string, string>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { success: boolean; data: Record<string, string> };
  if (!answer.success) throw new Error(JSON.stringify(answer));
  return answer.data;
}
