"""Anthropic's own Python client against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL."""

import anthropic
from common import KEY, MODEL, URL, check, done

client = anthropic.Anthropic(base_url=URL + "/anthropic", api_key=KEY, max_retries=0)
QUESTION = [{"role": "user", "content": "Name three rivers of Europe."}]
WEATHER = {
    "name": "get_weather",
    "description": "The weather of a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 30}},
        "required": ["city"],
    },
}

whole = client.messages.create(model=MODEL, max_tokens=24, messages=QUESTION)
check("a message", whole.content[0].text.strip() != "" and whole.stop_reason in ("max_tokens", "end_turn"))
check("its usage", whole.usage.input_tokens + whole.usage.cache_read_input_tokens > 5)
check("its request id", whole._request_id.startswith("req_"))

with client.messages.stream(model=MODEL, max_tokens=24, messages=QUESTION) as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
check("a stream", text != "" and final.content[0].text == text)
check("its usage", final.usage.output_tokens > 0 and final.usage.input_tokens >= 0)

counted = client.messages.count_tokens(model=MODEL, messages=QUESTION)
total = whole.usage.input_tokens + whole.usage.cache_read_input_tokens
check("counting", counted.input_tokens == total)

called = client.messages.create(
    model=MODEL,
    max_tokens=64,
    tools=[WEATHER],
    tool_choice={"type": "any"},
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
)
uses = [block for block in called.content if block.type == "tool_use"]
check("a tool", called.stop_reason == "tool_use" and uses[0].name == "get_weather" and "city" in uses[0].input)
answer = client.messages.create(
    model=MODEL,
    max_tokens=32,
    tools=[WEATHER],
    messages=[
        {"role": "user", "content": "What is the weather in Paris?"},
        {"role": "assistant", "content": called.content},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": uses[0].id, "content": "Sunny, 21 degrees."}],
        },
    ],
)
check("the tool's result", answer.stop_reason in ("end_turn", "max_tokens", "tool_use"))
with client.messages.stream(
    model=MODEL,
    max_tokens=64,
    tools=[WEATHER],
    tool_choice={"type": "tool", "name": "get_weather"},
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
) as stream:
    final = stream.get_final_message()
check("a tool in a stream", final.content[-1].type == "tool_use" and "city" in final.content[-1].input)

shaped = client.messages.create(
    model=MODEL,
    max_tokens=64,
    messages=[{"role": "user", "content": "How old is Ann? She is 9."}],
    extra_body={
        "output_config": {
            "format": {
                "type": "json_schema",
                "schema": {
                    "type": "object",
                    "properties": {"age": {"type": "integer"}},
                    "required": ["age"],
                    "additionalProperties": False,
                },
            }
        }
    },
)
check("an answer of a form", shaped.content[0].text.replace(" ", "").replace("\n", "").startswith('{"age":'))

check("models", MODEL in [model.id for model in client.models.list()])

for name, error, call in [
    ("an unknown model", anthropic.NotFoundError, lambda: client.messages.create(model="nobody", max_tokens=1, messages=QUESTION)),
    ("a wrong key", anthropic.AuthenticationError, lambda: client.with_options(api_key="no").messages.create(model=MODEL, max_tokens=1, messages=QUESTION)),
    ("a bad request", anthropic.BadRequestError, lambda: client.messages.create(model=MODEL, max_tokens=1, messages=[])),
    ("a setting out of its range", anthropic.BadRequestError, lambda: client.messages.create(model=MODEL, max_tokens=1, messages=QUESTION, extra_body={"temperature": 1.5})),
]:
    try:
        call()
        check(name, False)
    except error as e:
        check(name, e.body["type"] == "error" and e.body["error"]["message"] != "")

# From 2.0 on the client asks for the API's version without settings of sampling.
try:
    client.messages.create(model=MODEL, max_tokens=1, messages=QUESTION, extra_body={"temperature": 0.5})
    check("the older version's temperature", int(anthropic.__version__.split(".")[0]) < 2)
except anthropic.BadRequestError:
    check("the newer version without a temperature", int(anthropic.__version__.split(".")[0]) >= 2)

with client.messages.stream(model=MODEL, max_tokens=2000, messages=[{"role": "user", "content": "Count to one thousand."}]) as stream:
    for text in stream.text_stream:
        break
check("leaving a stream", client.messages.create(model=MODEL, max_tokens=4, messages=QUESTION).content != [])
done("anthropic", anthropic.__version__)
