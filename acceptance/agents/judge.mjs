// Says of exchanges whether the two sides understood each other. A weak model's nonsense is no error; a refusal is.

/** How a stream of each API ends when all went well. */
const STREAM_ENDS = [
  { path: /\/chat\/completions/, end: /data: \[DONE\]\s*$/ },
  { path: /\/responses/, end: /event: response\.(completed|incomplete)\ndata: [^\n]*\n\s*$/ },
  { path: /\/messages/, end: /event: message_stop\ndata: [^\n]*\n\s*$/ },
];

/** Questions that agents ask to find out what is there, where "no" is an answer. */
const PROBES = [/^\/(api\/)?(version|tags)$/, /\/\.well-known\//];

/**
 * What is wrong with an exchange.
 *
 * @returns {string|null} null for nothing
 */
export function fault(exchange) {
  const { method, path, status, responseBody, responseHeaders, end } = exchange;
  if (end === "left by the agent" || end === "open") {
    return null;
  }
  const name = `${method} ${path.split("?")[0]}`;
  if (end !== "whole") {
    return `${name}: ${end}`;
  }
  if (status >= 400) {
    const probe = status === 404 && PROBES.some((each) => each.test(path));
    return probe ? null : `${name}: ${status} ${responseBody.slice(0, 300)}`;
  }
  if (!String(responseHeaders["content-type"] ?? "").startsWith("text/event-stream")) {
    return null;
  }
  if (/^event: error$|"type":"response\.failed"|^data: \{"error":/m.test(responseBody)) {
    return `${name}: an error in the stream: ${responseBody.slice(-300)}`;
  }
  const expected = STREAM_ENDS.find((each) => each.path.test(path));
  return expected && !expected.end.test(responseBody) ? `${name}: the stream does not end as the API says` : null;
}

/** Whether an exchange asked the model for something. */
export function generates(exchange) {
  return exchange.method === "POST" && /\/(chat\/completions|responses|messages)$/.test(exchange.path.split("?")[0]);
}

/** Tokens of a prompt as the answer's usage counts them; 0 where it does not say. */
export function promptTokens(exchange) {
  const counts = (name) => [...exchange.responseBody.matchAll(new RegExp(`"${name}":(\\d+)`, "g"))].map((m) => Number(m[1]));
  const last = (name) => counts(name).at(-1) ?? 0;
  return last("prompt_tokens") || last("input_tokens") + last("cache_read_input_tokens");
}

/** Whether the answer called a tool. */
export function calls(exchange) {
  return /"type":"(tool_use|function_call|custom_tool_call)"|"tool_calls":\[\{/.test(exchange.responseBody);
}
