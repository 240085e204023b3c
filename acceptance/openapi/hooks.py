"""Points requests that schemathesis makes at models that are there, and keeps their answers short."""

import json
import os
import zlib

import schemathesis

MODEL = os.environ["YUNTAI_MODEL"]
VECTORS = os.environ["YUNTAI_VECTORS"]
SHORT = {"/chat/completions": "max_completion_tokens", "/completions": "max_tokens", "/responses": "max_output_tokens"}

# What nearly every request of this size has something of is refused by name; half of the requests keep to what is served.
SERVED = {
    "model", "temperature", "top_p", "n", "seed", "stop", "logprobs", "presence_penalty", "frequency_penalty", "user",
    "metadata", "stream", "parallel_tool_calls", "reasoning_effort", "safety_identifier", "messages", "prompt", "input",
    "instructions", "store", "include", "encoding_format", "max_tokens", "max_completion_tokens", "max_output_tokens",
}


@schemathesis.hook
def map_body(context, body):
    path = context.operation.path
    if not isinstance(body, dict) or "model" not in body:
        return body
    body = dict(body, model=VECTORS if path == "/embeddings" else MODEL)
    if "encoding_format" in body and body["encoding_format"] == "base64":
        body["encoding_format"] = "float"  # the document knows vectors of numbers only
    if path in SHORT:
        body.pop("max_tokens", None)
        body[SHORT[path]] = 4
        if isinstance(body.get("n"), int):
            body["n"] = min(body["n"], 2)
    if zlib.crc32(json.dumps(body, sort_keys=True).encode()) % 2 == 0:
        body = {name: value for name, value in body.items() if name in SERVED}
        if path == "/chat/completions":
            body.pop("store", None)
            body["messages"] = said(body.get("messages"))
        elif path == "/responses" and not isinstance(body.get("input"), str):
            body["input"] = said(body.get("input"))
    return body


def said(messages):
    """Those of a conversation that are plain text."""
    texts = [
        {"role": each["role"], "content": each["content"]}
        for each in (messages if isinstance(messages, list) else [])
        if isinstance(each, dict) and isinstance(each.get("content"), str) and each.get("role") in ("user", "assistant", "system")
    ]
    return [*texts, {"role": "user", "content": "hi"}]


@schemathesis.hook
def map_path_parameters(context, parameters):
    if parameters and "model" in parameters:
        parameters["model"] = MODEL
    return parameters
