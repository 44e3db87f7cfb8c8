/**
 * The parts of OASIS's sarif-schema-2.1.0.json that our reports use: required properties, allowed
 * values, and no others where the schema forbids others.
 */
const text = { type: "string" };
const message = {
  type: "object",
  additionalProperties: false,
  properties: { text, markdown: text, id: text },
  anyOf: [{ required: ["text"] }, { required: ["id"] }],
};
const multiformat = {
  type: "object",
  additionalProperties: false,
  required: ["text"],
  properties: { text, markdown: text },
};
const level = { enum: ["none", "note", "warning", "error"] };
const list = (items: object) => ({ type: "array", items });
const object = (required: readonly string[], properties: Record<string, object>) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});

const reportingDescriptor = object(["id"], {
  id: text,
  name: text,
  shortDescription: multiformat,
  fullDescription: multiformat,
  help: multiformat,
  defaultConfiguration: object([], { level }),
  properties: {
    type: "object",
    properties: { tags: { ...list(text), uniqueItems: true } },
  },
});

const location = object([], {
  physicalLocation: object([], {
    artifactLocation: object([], { uri: text, uriBaseId: text }),
    region: object([], { startLine: { type: "integer", minimum: 1 } }),
  }),
  logicalLocations: list(object([], { name: text, fullyQualifiedName: text, kind: text })),
});

const result = object(["message"], {
  ruleId: text,
  ruleIndex: { type: "integer", minimum: -1 },
  level,
  message,
  locations: list(location),
  partialFingerprints: { type: "object", additionalProperties: text },
  suppressions: list(
    object(["kind"], {
      kind: { enum: ["inSource", "external"] },
      status: { enum: ["accepted", "underReview", "rejected"] },
      justification: text,
    }),
  ),
});

export const sarifSchema = object(["version", "runs"], {
  $schema: { type: "string" },
  version: { enum: ["2.1.0"] },
  runs: list(
    object(["tool"], {
      tool: object(["driver"], {
        driver: object(["name"], { name: text, version: text, rules: list(reportingDescriptor) }),
      }),
      invocations: list(
        object(["executionSuccessful"], {
          executionSuccessful: { type: "boolean" },
          toolExecutionNotifications: list(object(["message"], { level, message })),
        }),
      ),
      results: list(result),
      columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
    }),
  ),
});
