import * as z from "zod";
import type { ResourceRecord } from "../record.ts";
import type { Arrow, Room } from "./rooms.ts";

/** The app's setting: ids of models, comma separated, each with `=` and an inference profile or without. */
const asksModels = z.object({
  environment: z.object({ variables: z.object({ MODELS: z.string() }) }),
});

/**
 * Who stands outside of a tenant's stack: the users of its API and its pool, and the models that its functions ask.
 *
 * @param roomOf URN of the room that a resource is drawn in.
 */
export function outsideOf(
  tenant: string,
  records: readonly ResourceRecord[],
  roomOf: (record: ResourceRecord) => string,
): { readonly rooms: readonly Room[]; readonly arrows: readonly Arrow[] } {
  const users = outsider("Users", "", `users:${tenant}`);
  const used = records.filter(({ type }) => type in usedBy);
  const asked = records.flatMap((record) => {
    const { data } = asksModels.safeParse(record.inputs);
    const ids = data?.environment.variables.MODELS.split(",") ?? [];
    return ids
      .flatMap((id) => id.split("=")[0] || [])
      .map((id) => ({
        from: roomOf(record),
        model: outsider("Model", id, `model:${tenant}:${id}`),
      }));
  });
  const models = new Map(asked.map(({ model }) => [model.urn, model]));
  return {
    rooms: [...(used.length > 0 ? [users] : []), ...models.values()],
    arrows: [
      ...used.map((one) => ({
        from: users.urn,
        to: roomOf(one),
        inputs: [usedBy[one.type] ?? ""],
      })),
      ...asked.map(({ from, model }) => ({
        from,
        to: model.urn,
        inputs: ["Function.environment"],
      })),
    ],
  };
}

/** What users send requests to, and what for. */
const usedBy: Readonly<Record<string, string>> = {
  "aws:apigateway/restApi:RestApi": "requests",
  "aws:cognito/userPool:UserPool": "sign-in",
};

const outsider = (kind: string, name: string, urn: string): Room => ({
  ...{ urn, kind, name, contents: [], isKept: false, within: [] },
  isOutside: true,
});
