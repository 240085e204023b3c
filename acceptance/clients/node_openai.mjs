// OpenAI's own client for Node against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL.

import OpenAI from "openai";
import { KEY, MODEL, URL, check, done, refused } from "./common.mjs";

const client = new OpenAI({ baseURL: `${URL}/v1`, apiKey: KEY, maxRetries: 0 });
const messages = [{ role: "user", content: "Name three rivers of Europe." }];
const tools = [
  {
    type: "function",
    function: {
      name: "get_weather",
      parameters: { type: "object", properties: { city: { type: "string", maxLength: 30 } }, required: ["city"] },
    },
  },
];

const settings = { model: MODEL, messages, max_completion_tokens: 24, temperature: 0 };
const whole = await client.chat.completions.create(settings);
check("an answer", whole.choices[0].message.content !== "");
let text = "";
let usage = null;
for await (const chunk of await client.chat.completions.create({
  ...settings,
  stream: true,
  stream_options: { include_usage: true },
})) {
  text += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
check("a stream", text === whole.choices[0].message.content);
check("its usage", usage.completion_tokens === whole.usage.completion_tokens);

const question = { role: "user", content: "What is the weather in Paris?" };
const called = await client.chat.completions.create({
  model: MODEL,
  messages: [question],
  tools,
  tool_choice: "required",
  max_completion_tokens: 64,
});
const call = called.choices[0].message.tool_calls[0];
check("a tool", call.function.name === "get_weather" && "city" in JSON.parse(call.function.arguments));
const answer = await client.chat.completions.create({
  model: MODEL,
  messages: [question, called.choices[0].message, { role: "tool", tool_call_id: call.id, content: "Sunny, 21 degrees." }],
  tools,
  max_completion_tokens: 24,
});
check("the tool's result", answer.choices.length === 1);

await refused("an unknown model", OpenAI.NotFoundError, () =>
  client.chat.completions.create({ ...settings, model: "nobody" }));
await refused("a wrong key", OpenAI.AuthenticationError, () =>
  new OpenAI({ baseURL: `${URL}/v1`, apiKey: "no", maxRetries: 0 }).models.list());
await refused("a bad request", OpenAI.BadRequestError, () =>
  client.chat.completions.create({ ...settings, messages: [] }));

const leaving = await client.chat.completions.create({ model: MODEL, messages, stream: true });
for await (const _ of leaving) {
  leaving.controller.abort();
  break;
}
const next = await client.chat.completions.create({ ...settings, max_completion_tokens: 4 });
check("leaving a stream", next.usage.completion_tokens > 0);
done("openai");
