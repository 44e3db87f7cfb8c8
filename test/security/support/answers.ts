import { Ajv2020 } from "ajv/dist/2020.js";
import type { FunctionAnswer } from "./function.ts";
import { type Answer, document, type Operation, type Schema } from "./operations.ts";

const ajv = new Ajv2020({
  strict: false,
  validateFormats: true,
  formats: {
    date: /^\d{4}-\d\d-\d\d$/,
    "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
    email: /@/,
    uri: (text: string) => URL.canParse(text),
  },
});
ajv.addSchema(document, "openapi");

/** What is wrong with an answer, measured by what the document says of the operation; empty if nothing. */
export function faultsOf({ responses }: Operation, answer: FunctionAnswer): string[] {
  const { status, headers, text } = answer;
  if (status >= 500) return [`${status}: ${text}`];
  const response = resolved(responses[status] ?? responses.default);
  const media = headers["content-type"]?.split(";")[0] ?? "";
  if (status >= 400 && media !== "application/problem+json") return [`${status} as ${media}`];
  if (response?.content === undefined) return text === "" ? [] : [`${status} with a body`];
  const described = response.content[media];
  if (described === undefined) return [`${status} as ${media}, which is not documented`];
  return /[/+]json$/.test(media) ? invalid(described.schema, text) : [];
}

/** Statuses that no operation lists: of a path that leads elsewhere, or of a user being erased. */
const general = [404, 405, 409];

export function isDocumented({ responses }: Operation, { status }: FunctionAnswer): boolean {
  return String(status) in responses || general.includes(status);
}

function invalid(schema: Schema, text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ["no JSON"];
  }
  const validate = compiled(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const validators = new WeakMap<Schema, ReturnType<typeof ajv.compile>>();

function compiled(schema: Schema) {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  const made = ajv.compile(inDocument);
  validators.set(schema, made);
  return made;
}

function resolved(response: Answer | undefined): Answer | undefined {
  const name = response?.$ref?.split("/").at(-1);
  return name === undefined ? response : document.components.responses[name];
}
