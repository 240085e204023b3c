"""Ollama's own Python client against a running Yuntai: YUNTAI_URL, YUNTAI_KEY, YUNTAI_MODEL."""

import importlib.metadata

import ollama
from common import EMBEDDING_MODEL, KEY, MODEL, URL, check, done

client = ollama.Client(host=URL, headers={"Authorization": "Bearer " + KEY})
QUESTION = [{"role": "user", "content": "Name three rivers of Europe."}]


def get_weather(city: str) -> str:
    """The weather of a city.

    Args:
      city: the city's name
    """
    return "Sunny, 21 degrees in " + city


whole = client.chat(MODEL, QUESTION, options={"num_predict": 24, "temperature": 0})
check("a message", whole.message.content != "" and whole.done and whole.eval_count > 0)
check("its durations", whole.total_duration > 0 and whole.prompt_eval_duration > 0 and whole.eval_duration > 0)
pieces = list(client.chat(MODEL, QUESTION, stream=True, options={"num_predict": 24, "temperature": 0}))
check("a stream", "".join(piece.message.content for piece in pieces) == whole.message.content)
check("its end", pieces[-1].done and pieces[-1].done_reason in ("stop", "length"))

text = client.generate(MODEL, "Name three rivers of Europe.", options={"num_predict": 8})
check("a text", text.response != "")
raw = client.generate(MODEL, "def add(a, b):", raw=True, options={"num_predict": 8})
check("a raw text", raw.response != "")

schema = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}
shaped = client.chat(
    MODEL, [{"role": "user", "content": "Ann is 9. How old is Ann?"}], format=schema, options={"num_predict": 32}
)
check("an answer of a form", '"age"' in shaped.message.content)

question = {"role": "user", "content": "What is the weather in Paris? Use the tool."}
called = client.chat(MODEL, [question], tools=[get_weather], options={"num_predict": 64, "temperature": 0})
if called.message.tool_calls:
    call = called.message.tool_calls[0]
    check("a tool", call.function.name == "get_weather" and "city" in call.function.arguments)
    answer = client.chat(
        MODEL,
        [question, called.message, {"role": "tool", "tool_name": "get_weather", "content": "Sunny, 21 degrees."}],
        tools=[get_weather],
        options={"num_predict": 24},
    )
    check("the tool's result", answer.done)
else:
    check("an answer without the tool", called.message.content != "")

check("models", MODEL in [model.model for model in client.list().models])
check("a model", "completion" in client.show(MODEL).capabilities)
check("what runs", MODEL in [model.model for model in client.ps().models])

for name, status, call in [
    ("an unknown model", 404, lambda: client.chat("nobody", QUESTION)),
    ("a wrong key", 401, lambda: ollama.Client(host=URL, headers={"Authorization": "Bearer no"}).chat(MODEL, QUESTION)),
    ("a template", 400, lambda: client.generate(MODEL, "hi", template="{{ .Prompt }}")),
]:
    try:
        call()
        check(name, False)
    except ollama.ResponseError as e:
        check(name, e.status_code == status and e.error != "")

for piece in client.chat(MODEL, QUESTION, stream=True):
    break
check("leaving a stream", client.chat(MODEL, QUESTION, options={"num_predict": 4}).done)

if EMBEDDING_MODEL:
    vectors = client.embed(EMBEDDING_MODEL, ["a river", "a mountain"])
    check("vectors", len(vectors.embeddings) == 2)
done("ollama", importlib.metadata.version("ollama"))
