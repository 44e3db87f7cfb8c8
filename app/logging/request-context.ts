import { AsyncLocalStorage } from "node:async_hooks";

/** What a line is about, beside its level and message. */
export type LogContext = Readonly<Record<string, string | number | boolean | undefined>>;

/** What every line that is logged while a request is answered says of it, however far from its route. */
export const requestContext: AsyncLocalStorage<LogContext> = new AsyncLocalStorage();
