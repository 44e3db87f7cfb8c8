/**
 * The event that asks a tenant's function for its maintenance. The schedule sends it, and nobody else
 * can: API Gateway wraps whatever a client sends into an event with `httpMethod` and `requestContext`.
 */
export const maintenanceEvent = { chatstack: "maintenance" } as const;

export function isMaintenanceEvent(event: unknown): boolean {
  if (typeof event !== "object" || event === null) return false;
  const isRequest = "httpMethod" in event || "requestContext" in event;
  return !isRequest && "chatstack" in event && event.chatstack === maintenanceEvent.chatstack;
}
