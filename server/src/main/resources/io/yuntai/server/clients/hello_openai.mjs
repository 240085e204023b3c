import OpenAI from "openai";

const stream = await new OpenAI().chat.completions.create({
  model: "{{model}}",
  messages: [{ role: "user", content: "Say hello in five words." }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
console.log();
