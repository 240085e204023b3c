"""OpenAI's own Python client against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL."""

import json

import openai
from common import EMBEDDING_MODEL, KEY, MODEL, URL, check, done

client = openai.OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0)
QUESTION = [{"role": "user", "content": "Name three rivers of Europe."}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "maxLength": 30}},
                "required": ["city"],
            },
        },
    }
]

whole = client.chat.completions.create(model=MODEL, messages=QUESTION, max_completion_tokens=24, temperature=0)
check("an answer", whole.choices[0].message.content != "" and whole.usage.completion_tokens > 0)
stream = client.chat.completions.create(
    model=MODEL, messages=QUESTION, max_completion_tokens=24, temperature=0, stream=True, stream_options={"include_usage": True}
)
chunks = list(stream)
text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
check("a stream", text == whole.choices[0].message.content)
check("its usage", chunks[-1].usage.completion_tokens == whole.usage.completion_tokens)

called = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=TOOLS,
    tool_choice="required",
    max_completion_tokens=64,
)
call = called.choices[0].message.tool_calls[0]
check("a tool", call.function.name == "get_weather" and "city" in json.loads(call.function.arguments))
answer = client.chat.completions.create(
    model=MODEL,
    messages=[
        {"role": "user", "content": "What is the weather in Paris?"},
        called.choices[0].message,
        {"role": "tool", "tool_call_id": call.id, "content": "Sunny, 21 degrees."},
    ],
    tools=TOOLS,
    max_completion_tokens=32,
)
check("the tool's result", answer.choices[0].message is not None)

shaped = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "How old is Ann? She is 9."}],
    response_format={
        "type": "json_schema",
        "json_schema": {
            "name": "age",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"age": {"type": "integer"}},
                "required": ["age"],
                "additionalProperties": False,
            },
        },
    },
    max_completion_tokens=32,
)
check("an answer of a form", "age" in json.loads(shaped.choices[0].message.content))
check("models", MODEL in [model.id for model in client.models.list()])

for name, error, call in [
    ("an unknown model", openai.NotFoundError, lambda: client.chat.completions.create(model="nobody", messages=QUESTION)),
    ("a wrong key", openai.AuthenticationError, lambda: client.with_options(api_key="no").models.list()),
    ("a bad request", openai.BadRequestError, lambda: client.chat.completions.create(model=MODEL, messages=[])),
]:
    try:
        call()
        check(name, False)
    except error as e:
        check(name, e.body["message"] != "")

with client.chat.completions.create(model=MODEL, messages=QUESTION, stream=True) as leaving:
    for chunk in leaving:
        break
check("leaving a stream", client.chat.completions.create(model=MODEL, messages=QUESTION, max_completion_tokens=4).choices != [])

compatible = openai.OpenAI(base_url=URL + "/compatible-mode/v1", api_key=KEY, max_retries=0)
mode = compatible.chat.completions.create(
    model=MODEL, messages=QUESTION, max_tokens=8, temperature=0, extra_body={"enable_thinking": False}
)
check("Model Studio's compatible mode", mode.choices[0].message.content != "")

if EMBEDDING_MODEL:
    vectors = client.embeddings.create(model=EMBEDDING_MODEL, input=["a river", "a mountain"])
    check("vectors", len(vectors.data) == 2)
done("openai", openai.__version__)
