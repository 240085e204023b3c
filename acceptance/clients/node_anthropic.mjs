// Anthropic's own client for Node against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL.

import Anthropic from "@anthropic-ai/sdk";
import { KEY, MODEL, URL, check, done, refused } from "./common.mjs";

const client = new Anthropic({ baseURL: `${URL}/anthropic`, apiKey: KEY, maxRetries: 0 });
const messages = [{ role: "user", content: "Name three rivers of Europe." }];
const tools = [
  {
    name: "get_weather",
    description: "The weather of a city",
    input_schema: { type: "object", properties: { city: { type: "string", maxLength: 30 } }, required: ["city"] },
  },
];

const whole = await client.messages.create({ model: MODEL, max_tokens: 24, messages });
check("a message", whole.content[0].text !== "");
check("its request id", whole._request_id.startsWith("req_"));

const stream = client.messages.stream({ model: MODEL, max_tokens: 24, messages });
let text = "";
stream.on("text", (piece) => (text += piece));
const final = await stream.finalMessage();
check("a stream", text !== "" && final.content[0].text === text);
check("its usage", final.usage.output_tokens > 0);

const counted = await client.messages.countTokens({ model: MODEL, messages });
check("counting", counted.input_tokens === whole.usage.input_tokens + whole.usage.cache_read_input_tokens);

const question = { role: "user", content: "What is the weather in Paris?" };
const called = await client.messages
  .stream({ model: MODEL, max_tokens: 64, tools, tool_choice: { type: "any" }, messages: [question] })
  .finalMessage();
const use = called.content.find((block) => block.type === "tool_use");
check("a tool in a stream", called.stop_reason === "tool_use" && "city" in use.input);
const answer = await client.messages.create({
  model: MODEL,
  max_tokens: 24,
  tools,
  messages: [
    question,
    { role: "assistant", content: called.content },
    { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "Sunny, 21 degrees." }] },
  ],
});
check("the tool's result", ["end_turn", "max_tokens", "tool_use"].includes(answer.stop_reason));

await refused("an unknown model", Anthropic.NotFoundError, () =>
  client.messages.create({ model: "nobody", max_tokens: 1, messages }));
await refused("a wrong key", Anthropic.AuthenticationError, () =>
  new Anthropic({ baseURL: `${URL}/anthropic`, apiKey: "no", maxRetries: 0 }).messages.create({ model: MODEL, max_tokens: 1, messages }));
await refused("a bad request", Anthropic.BadRequestError, () =>
  client.messages.create({ model: MODEL, max_tokens: 1, messages: [] }));

const leaving = client.messages.stream({ model: MODEL, max_tokens: 2000, messages });
leaving.done().catch(() => {}); // it will be aborted
await new Promise((resolve) => leaving.once("text", resolve));
leaving.abort();
const next = await client.messages.create({ model: MODEL, max_tokens: 4, messages });
check("leaving a stream", next.usage.output_tokens > 0);
done("@anthropic-ai/sdk");
