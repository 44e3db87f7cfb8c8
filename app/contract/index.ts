import * as conversations from "./conversations.ts";
import * as messages from "./messages.ts";
import * as profile from "./profile.ts";
import * as service from "./service.ts";

/** Every route of the API, in the order in which documents list them. */
export const contract = [
  service.getHealth,
  service.getOpenApi,
  profile.getProfile,
  profile.replaceProfile,
  conversations.listConversations,
  conversations.createConversation,
  conversations.getConversation,
  conversations.replaceConversation,
  conversations.updateConversation,
  conversations.deleteConversation,
  messages.listMessages,
  messages.appendMessage,
  messages.getMessage,
];
