/** Rules about functions: who may call them, what is in their environment, and how they run. */
import type { AnyRule } from "../rule.ts";
import { permissionSource, urlAuth, urlCors } from "./access.ts";
import { envCmk, envSecrets, tenancyShape } from "./environment.ts";
import {
  asyncDestination,
  codeSigning,
  concurrency,
  jsonLogs,
  logGroup,
  runtime,
  sizing,
  tracing,
  vpc,
} from "./operations.ts";

export const lambdaRules: readonly AnyRule[] = [
  runtime,
  tracing,
  jsonLogs,
  logGroup,
  sizing,
  concurrency,
  asyncDestination,
  urlAuth,
  urlCors,
  permissionSource,
  envSecrets,
  envCmk,
  tenancyShape,
  codeSigning,
  vpc,
];
