import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { ResourceRecord } from "../../offline/record.ts";
import { recordsOf } from "../records.ts";

/** What the gateway itself answers in place of the function, customised by a record. */
export interface GatewayResponse {
  readonly statusCode?: string;
  /** `gatewayresponse.header.<name>` to a mapping expression such as `'1'` or `context.requestId`. */
  readonly responseParameters: Readonly<Record<string, string>>;
  /** Template by media type. */
  readonly responseTemplates: Readonly<Record<string, string>>;
}

/** A request that the gateway answers itself. */
export class Refusal extends Error {
  readonly responseType: ResponseType;

  /** @param message what `$context.error.message` stands for; default: API Gateway's own words. */
  constructor(responseType: ResponseType, message: string = defaults[responseType].message) {
    super(message);
    this.responseType = responseType;
  }
}

/**
 * API Gateway Developer Guide, "Gateway response types": status and message without customisation. 414 and 431
 * have no type there, so that only the default of their class customises them.
 */
const defaults = {
  UNAUTHORIZED: { status: 401, message: "Unauthorized" },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, message: "Missing Authentication Token" },
  REQUEST_URI_TOO_LONG: { status: 414, message: "Request URI too long" },
  REQUEST_HEADERS_TOO_LARGE: { status: 431, message: "Request Header Fields Too Large" },
  REQUEST_TOO_LARGE: { status: 413, message: "Request Entity Too Large" },
  AUTHORIZER_FAILURE: { status: 500, message: "Internal server error" },
  INTEGRATION_FAILURE: { status: 504, message: "Internal server error" },
  INTEGRATION_TIMEOUT: { status: 504, message: "Endpoint request timed out" },
} as const;

export type ResponseType = keyof typeof defaults;

const responseSchema = z.object({
  restApiId: z.string(),
  responseType: z.string(),
  statusCode: z.string().optional(),
  responseParameters: z.record(z.string(), z.string()).default({}),
  responseTemplates: z.record(z.string(), z.string()).default({}),
});

/** The customised responses of one API, by response type. */
export function gatewayResponses(
  records: readonly ResourceRecord[],
  apiId: string,
): ReadonlyMap<string, GatewayResponse> {
  return new Map(
    recordsOf(records, "aws:apigateway/response:Response", responseSchema)
      .filter(({ inputs }) => inputs.restApiId === apiId)
      .map(({ inputs }) => [inputs.responseType, inputs]),
  );
}

/** Sends the customised answer: the type's own, else that of its class, else API Gateway's default. */
export function sendRefusal(
  response: ServerResponse,
  { responseType, message }: Refusal,
  customised: ReadonlyMap<string, GatewayResponse>,
  requestId: string,
): void {
  const { status } = defaults[responseType];
  const custom =
    customised.get(responseType) ?? customised.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  const variables: Variables = {
    "context.error.message": message,
    "context.error.messageString": JSON.stringify(message),
    "context.error.responseType": responseType,
    "context.requestId": requestId,
    "context.extendedRequestId": requestId,
  };
  const [mediaType, template] = Object.entries(custom?.responseTemplates ?? {})[0] ?? [
    "application/json",
    '{"message":$context.error.messageString}',
  ];
  response.statusCode = Number(custom?.statusCode ?? status);
  for (const [parameter, expression] of Object.entries(custom?.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(parameter)?.[1];
    if (name) response.setHeader(name, evaluate(expression, variables));
  }
  response.setHeader("content-type", mediaType);
  response.end(render(template, variables));
}

type Variables = Readonly<Record<string, string>>;

/** The `$context` variables above; API Gateway's full templates (VTL) are not needed for errors. */
function render(template: string, variables: Variables): string {
  return template.replace(/\$(context\.[\w.]*\w)/g, (found, name) => variables[name] ?? found);
}

/** Mapping expressions: `'static'` or a context variable. */
const evaluate = (expression: string, variables: Variables) =>
  /^'(.*)'$/.exec(expression)?.[1] ?? variables[expression] ?? "";
