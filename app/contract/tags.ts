/** Groups of routes, in the order in which documents list them. Every tag of a route is among them. */
export const tags = [
  { name: "service", description: "The API itself." },
  { name: "profile", description: "The caller: who they are and what they used." },
  { name: "sessions", description: "Data of a device or a browser, kept until it expires." },
  { name: "state", description: "Values of the application's state." },
  { name: "tokens", description: "Tokens that can be redeemed once." },
  { name: "sync", description: "Changes since a client's last sync." },
  { name: "conversations", description: "The caller's conversations." },
  { name: "messages", description: "Messages of a conversation." },
  { name: "chat", description: "Answers of models." },
  { name: "documents", description: "Uploaded files that answers can cite." },
  { name: "data", description: "Export, import and erasure of a user's data." },
  { name: "admin", description: "For administrators: conversations and usage of all users." },
];
