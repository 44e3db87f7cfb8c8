/** Models that answer chats, behind one port: Bedrock's, and a deterministic one that is embedded. */
import { bedrockModels, type ModelLimits } from "./bedrock.ts";
import { type ChatModel, type Guardrail, intakes } from "./chat-model.ts";
import { embeddedModels } from "./embedded.ts";

/**
 * What `MODELS` may hold: ids of Bedrock's models, comma separated, or `embedded`. Empty is none. An id
 * may be followed by `=` and the ARN of the inference profile that it is asked through.
 */
export const modelsPattern =
  /^(?:embedded|[\w.:/-]+(?:=[\w.:/-]+)?(?:,[\w.:/-]+(?:=[\w.:/-]+)?)*)?$/;

/**
 * What `MODEL_LIMITS` may hold: `id=context/output`, comma separated; either number may be left out. `id=context/output/images+tools`
 * also says what the model takes beside text; default as its family is known.
 */
export const limitsPattern =
  /^(?:[\w.:/-]+=\d*\/\d*(?:\/[a-z+]*)?(?:,[\w.:/-]+=\d*\/\d*(?:\/[a-z+]*)?)*)?$/;

/** What `GUARDRAILS` may hold: `name=id/version`, comma separated. */
export const guardrailsPattern = /^(?:[\w-]+=\w+\/\w+(?:,[\w-]+=\w+\/\w+)*)?$/;

/** Guardrails by the names that conversations choose from; undefined for none. */
export function guardrailsOf(setting: string): Readonly<Record<string, Guardrail>> | undefined {
  if (setting === "") return undefined;
  const entries = setting.split(",").map((entry): [string, Guardrail] => {
    const [name = "", guardrail = ""] = entry.split("=");
    const [id = "", version = ""] = guardrail.split("/");
    return [name, { id, version }];
  });
  return Object.fromEntries(entries);
}

/** The models a tenant may use, its default first. */
export function modelsOf(setting: string, limits = ""): readonly ChatModel[] {
  if (setting === "") return [];
  if (setting === "embedded") return embeddedModels();
  const set = new Map(limits.split(",").map(limitsOf));
  return bedrockModels(
    setting.split(",").map((entry) => {
      const [id = entry, profileArn] = entry.split("=");
      return {
        id,
        ...(profileArn !== undefined && { profileArn }),
        limits: set.get(id) ?? {},
      };
    }),
  );
}

function limitsOf(entry: string): [id: string, limits: Partial<ModelLimits>] {
  const [id = "", numbers = ""] = entry.split("=");
  const [context = "", output = "", takes] = numbers.split("/");
  return [
    id,
    {
      ...(context !== "" && { contextTokens: Number(context) }),
      ...(output !== "" && { maxOutputTokens: Number(output) }),
      ...(takes !== undefined && {
        takes: intakes.filter((one) => takes.split("+").includes(one)),
      }),
    },
  ];
}
