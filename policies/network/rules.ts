/** Rules about networks: who may come in, what may go out through endpoints, and what is recorded of it. */
import type { AnyRule } from "../rule.ts";
import { defaultGroup } from "./default-group.ts";
import { endpointPolicy } from "./endpoint-policy.ts";
import { flowLog } from "./flow-log.ts";
import { openPorts } from "./open-ports.ts";

export const networkRules: readonly AnyRule[] = [openPorts, defaultGroup, endpointPolicy, flowLog];
