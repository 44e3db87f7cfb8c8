import type { StackResource } from "../rule.ts";
import { resource, unknown } from "../testing.ts";
import * as apis from "./apis.ts";

/** A REST API as a preview shows it: whoever names it does so by a yet unknown id. */
export const restApi = resource(apis.restApis, { securityPolicy: "TLS_1_2" }, { name: "chat" });

/** A resource of the REST API, e.g. `ofApi(restStages, {…})`; `references` are further properties by reference. */
export function ofApi(
  type: string,
  props: object,
  references: Readonly<Record<string, StackResource>> = {},
): StackResource {
  return referring(type, props, { restApi, ...references });
}

/** A resource whose properties refer to others by yet unknown ids. */
export function referring(
  type: string,
  props: object,
  references: Readonly<Record<string, StackResource>>,
): StackResource {
  const names = Object.keys(references);
  return resource(
    type,
    { ...props, ...Object.fromEntries(names.map((name) => [name, unknown])) },
    {
      propertyDependencies: Object.fromEntries(
        Object.entries(references).map(([name, source]) => [name, [source]]),
      ),
    },
  );
}

export const stage = (props: object = {}) => ofApi(apis.restStages, { stageName: "v1", ...props });

/** Method settings that name the stage of another resource by its name, as programs do. */
export const settings = (values: object, methodPath = "*/*", stageName = "v1") =>
  ofApi(apis.methodSettings, { stageName, methodPath, settings: values });

export const httpApi = resource(apis.v2Apis, { protocolType: "HTTP" }, { name: "http" });
export const webSocketApi = resource(apis.v2Apis, { protocolType: "WEBSOCKET" }, { name: "ws" });

export const v2Stage = (props: object = {}, api = httpApi) =>
  referring(apis.v2Stages, props, { apiId: api });
