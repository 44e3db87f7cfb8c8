/** Models that answer chats, behind one port: Bedrock's, and a deterministic one that is embedded. */
import { bedrockModels, type ModelLimits } from "./bedrock.ts";
import type { ChatModel } from "./chat-model.ts";
import { embeddedModels } from "./embedded.ts";

/**
 * What `MODELS` may hold: ids of Bedrock's models, comma separated, or `embedded`. Empty is none. An id
 * may be followed by `=` and the ARN of the inference profile that it is asked through.
 */
export const modelsPattern =
  /^(?:embedded|[\w.:/-]+(?:=[\w.:/-]+)?(?:,[\w.:/-]+(?:=[\w.:/-]+)?)*)?$/;

/** What `MODEL_LIMITS` may hold: `id=context/output`, comma separated; either number may be left out. */
export const limitsPattern = /^(?:[\w.:/-]+=\d*\/\d*(?:,[\w.:/-]+=\d*\/\d*)*)?$/;

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
  const [context = "", output = ""] = numbers.split("/");
  return [
    id,
    {
      ...(context !== "" && { contextTokens: Number(context) }),
      ...(output !== "" && { maxOutputTokens: Number(output) }),
    },
  ];
}
