/** The server's own body out of an answer of the client. */
export function bodyOf<Answer extends { readonly status: number }>(answer: Answer): Omit<Answer, 'status'> {
  const { status: _status, ...body } = answer;
  return body;
}
