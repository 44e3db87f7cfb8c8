import { AsyncLocalStorage } from "node:async_hooks";
import type { LogContext } from "../lambda/log.ts";

/** What every line that is logged while a request is answered says of it, however far from its route. */
export const requestContext: AsyncLocalStorage<LogContext> = new AsyncLocalStorage();
