/** Models that answer chats, behind one port: Bedrock's, and a deterministic one that is embedded. */
import { bedrockModels } from "./bedrock.ts";
import type { ChatModel } from "./chat-model.ts";
import { embeddedModels } from "./embedded.ts";

/**
 * What `MODELS` may hold: ids of Bedrock's models, comma separated, or `embedded`. Empty is none. An id
 * may be followed by `=` and the ARN of the inference profile that it is asked through.
 */
export const modelsPattern =
  /^(?:embedded|[\w.:/-]+(?:=[\w.:/-]+)?(?:,[\w.:/-]+(?:=[\w.:/-]+)?)*)?$/;

/** The models a tenant may use, its default first. */
export function modelsOf(setting: string): readonly ChatModel[] {
  if (setting === "") return [];
  if (setting === "embedded") return embeddedModels();
  return bedrockModels(
    setting.split(",").map((entry) => {
      const [id = entry, profileArn] = entry.split("=");
      return { id, ...(profileArn !== undefined && { profileArn }) };
    }),
  );
}
