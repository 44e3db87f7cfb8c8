/** Groups of routes, in the order in which documents list them. Every tag of a route is among them. */
export const tags = [
  { name: "service", description: "The API itself." },
  { name: "profile", description: "The caller: who they are and what they used." },
  { name: "sessions", description: "What a device or a browser keeps for a while." },
  { name: "state", description: "Pieces of the application's state." },
  { name: "tokens", description: "Tokens that are good once." },
  { name: "sync", description: "What changed since a client last looked." },
  { name: "conversations", description: "The caller's conversations." },
  { name: "messages", description: "What was said in a conversation." },
  { name: "chat", description: "Answers of models." },
  { name: "documents", description: "Files that conversations refer to." },
  { name: "data", description: "Taking all data out, bringing it in, and erasing it." },
  { name: "admin", description: "For administrators: what all users do." },
];
