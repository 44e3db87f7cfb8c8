/** True for an emulator's way of saying that it does not know the call. */
export function isNotImplemented(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = ["NotImplemented", "NotImplementedException", "UnknownOperationException"];
  return names.includes(error.name) || Reflect.get(error, "$metadata")?.httpStatusCode === 501;
}
