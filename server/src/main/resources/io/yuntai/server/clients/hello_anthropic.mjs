import Anthropic from "@anthropic-ai/sdk";

const stream = new Anthropic().messages.stream({
  model: "{{model}}",
  max_tokens: 64,
  messages: [{ role: "user", content: "Say hello in five words." }],
});
stream.on("text", (text) => process.stdout.write(text));
await stream.finalMessage();
console.log();
