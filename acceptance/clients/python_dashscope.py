"""DashScope's own Python client against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL."""

import json
from http import HTTPStatus

import dashscope
from common import EMBEDDING_MODEL, KEY, MODEL, URL, check, done
from dashscope import Generation

dashscope.base_http_api_url = URL + "/api/v1"
dashscope.api_key = KEY
QUESTION = [{"role": "user", "content": "Name three rivers of Europe."}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "maxLength": 30}},
                "required": ["city"],
            },
        },
    }
]

whole = Generation.call(MODEL, messages=QUESTION, result_format="message", max_tokens=24, temperature=0)
check("a message", whole.status_code == HTTPStatus.OK and whole.output.choices[0].message.content != "")
check("its usage", whole.usage.input_tokens > 5 and whole.usage.output_tokens > 0)
check("its request id", whole.request_id.startswith("req_"))

text = Generation.call(MODEL, prompt="Name three rivers of Europe.", max_tokens=8)
check("a text", text.output.text != "" and text.output.finish_reason in ("length", "stop"))

pieces = list(
    Generation.call(
        MODEL, messages=QUESTION, result_format="message", stream=True, incremental_output=True, max_tokens=24, temperature=0
    )
)
joined = "".join(piece.output.choices[0].message.content for piece in pieces)
check("a stream of pieces", joined == whole.output.choices[0].message.content)
check("its reasons", pieces[0].output.choices[0].finish_reason == "null" and pieces[-1].output.choices[0].finish_reason != "null")
check("its usage", pieces[-1].usage.output_tokens == whole.usage.output_tokens and pieces[0].usage.input_tokens > 5)

grown = list(
    Generation.call(
        MODEL, messages=QUESTION, result_format="message", stream=True, incremental_output=False, max_tokens=24, temperature=0
    )
)
check("a stream of all so far", grown[-1].output.choices[0].message.content == joined)

called = Generation.call(
    MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=TOOLS,
    tool_choice={"type": "function", "function": {"name": "get_weather"}},
    result_format="message",
    max_tokens=64,
)
message = called.output.choices[0].message
check("a tool", message.tool_calls[0]["function"]["name"] == "get_weather")
check("its arguments", "city" in json.loads(message.tool_calls[0]["function"]["arguments"]))
answer = Generation.call(
    MODEL,
    messages=[
        {"role": "user", "content": "What is the weather in Paris?"},
        {"role": "assistant", "content": "", "tool_calls": message.tool_calls},
        {"role": "tool", "content": "Sunny, 21 degrees.", "tool_call_id": message.tool_calls[0]["id"], "name": "get_weather"},
    ],
    tools=TOOLS,
    result_format="message",
    max_tokens=32,
)
check("the tool's result", answer.status_code == HTTPStatus.OK)

shaped = Generation.call(
    MODEL,
    messages=[{"role": "user", "content": "How old is Ann? She is 9. Answer in JSON."}],
    response_format={"type": "json_object"},
    result_format="message",
    max_tokens=64,
)
check("an answer in JSON", shaped.output.choices[0].message.content.lstrip().startswith("{"))

for name, status, code, arguments in [
    ("an unknown model", 404, "ModelNotFound", {"model": "nobody"}),
    ("a wrong key", 401, "InvalidApiKey", {"model": MODEL, "api_key": "no"}),
    ("a bad request", 400, "InvalidParameter", {"model": MODEL, "temperature": 9}),
]:
    refused = Generation.call(messages=QUESTION, **arguments)
    check(name, refused.status_code == status and refused.code == code and refused.message != "")

for piece in Generation.call(
    MODEL, messages=[{"role": "user", "content": "Count to one thousand."}], stream=True, max_tokens=2000
):
    break
check("leaving a stream", Generation.call(MODEL, messages=QUESTION, max_tokens=4).status_code == HTTPStatus.OK)

if EMBEDDING_MODEL:
    vectors = dashscope.TextEmbedding.call(EMBEDDING_MODEL, input=["a river", "a mountain"])
    check("vectors", len(vectors.output["embeddings"]) == 2 and vectors.usage["total_tokens"] > 0)
done("dashscope", dashscope.version.__version__)
