"""Asks a server known requests, then those that schemathesis makes, and judges the answers by OpenAI's document."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

from document import Judge, published, served

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = pathlib.Path(os.environ["YUNTAI_OPENAPI"])
URL = os.environ["YUNTAI_URL"] + "/v1"
KEY = os.environ["YUNTAI_KEY"]
MODEL = "qwen2.5-coder:0.5b"
VECTORS = "all-minilm:l6-v2"

FUNCTION = {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}
AGE = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"], "additionalProperties": False}
HI = [{"role": "user", "content": "What is the weather in Paris?"}]


class Answers:
    """What was asked, and what was wrong with the answers."""

    def __init__(self, judge):
        self.judge = judge
        self.asked = 0
        self.faults = []

    def ask(self, method, path, schema, body=None, status=200, form=None):
        """A request whose answer, or each of whose events, is of a schema; gives the answer."""
        headers = {"Authorization": "Bearer " + KEY}
        data = None
        if form is not None:
            headers["Content-Type"] = "multipart/form-data; boundary=b"
            data = form.encode()
        elif body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(URL + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                got, kind, text = answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as e:
            got, kind, text = e.code, e.headers["Content-Type"], e.read().decode()
        self.asked += 1
        if got != status:
            faults, value = [f"status {got}: {text[:300]}"], {}
        elif kind.startswith("text/event-stream"):
            faults, value = self.judge.stream_faults(schema, text), {}
        elif schema is None:
            faults, value = [], {}
        else:
            value = json.loads(text)
            faults = self.judge.faults(schema, value)
        self.faults += [f"{method} {path} {json.dumps(body)[:120] if body else ''}\n    {fault}" for fault in faults]
        return value


def chats(answers):
    def ask(status=200, **more):
        schema = "ErrorResponse" if status >= 400 else "CreateChatCompletionStreamResponse" if more.get("stream") else "CreateChatCompletionResponse"
        answers.ask("POST", "/chat/completions", schema, {"model": MODEL, "messages": HI, "max_completion_tokens": 8, **more}, status)

    tools = [{"type": "function", "function": FUNCTION}]
    shape = {"type": "json_schema", "json_schema": {"name": "age", "strict": True, "schema": AGE}}
    for stream in ({}, {"stream": True, "stream_options": {"include_usage": True}}):
        ask(**stream)
        ask(n=2, temperature=0, seed=1, logprobs=True, top_logprobs=2, **stream)
        ask(tools=tools, tool_choice="required", max_completion_tokens=48, **stream)
        ask(tools=tools, tool_choice="none", **stream)
        ask(response_format=shape, max_completion_tokens=24, **stream)
        ask(response_format={"type": "json_object"}, **stream)
        ask(400, temperature=9, **stream)
        ask(404, model="nobody", **stream)
    ask(400, messages=[])
    ask(400, audio={"voice": "alloy", "format": "mp3"})


def texts(answers):
    for more in ({}, {"stream": True, "stream_options": {"include_usage": True}}):
        answers.ask("POST", "/completions", "CreateCompletionResponse", {"model": MODEL, "prompt": ["a", "b"], "max_tokens": 4, "logprobs": 2, **more})
    for encoding in ("float", "base64"):
        # The document knows vectors of numbers only; its own clients ask for base64.
        schema = "CreateEmbeddingResponse" if encoding == "float" else None
        answers.ask("POST", "/embeddings", schema, {"model": VECTORS, "input": ["a", "b"], "encoding_format": encoding})
    answers.ask("POST", "/embeddings", "ErrorResponse", {"model": MODEL, "input": "a"}, 400)
    answers.ask("GET", "/models", "ListModelsResponse")
    answers.ask("GET", "/models/" + MODEL, "Model")
    answers.ask("GET", "/models/nobody", "ErrorResponse", status=404)


def responses(answers):
    def ask(status=200, **more):
        schema = "ErrorResponse" if status >= 400 else "ResponseStreamEvent" if more.get("stream") else "Response"
        return answers.ask("POST", "/responses", schema, {"model": MODEL, "input": "What is the weather in Paris?", "max_output_tokens": 8, **more}, status)

    tools = [{"type": "function", **FUNCTION, "strict": False}]
    shape = {"format": {"type": "json_schema", "name": "age", "strict": True, "schema": AGE}}
    for stream in ({}, {"stream": True}):
        ask(**stream)
        ask(instructions="Be brief.", metadata={"a": "b"}, store=False, user="ann", **stream)
        ask(include=["message.output_text.logprobs"], top_logprobs=2, **stream)
        ask(tools=tools, tool_choice="required", max_output_tokens=48, **stream)
        ask(tools=[{"type": "custom", "name": "note"}], tool_choice={"type": "custom", "name": "note"}, max_output_tokens=48, **stream)
        ask(text=shape, max_output_tokens=24, **stream)
        ask(404, model="nobody", **stream)
    ask(400, temperature=9)
    first = ask()
    path = "/responses/" + first["id"]
    second = ask(previous_response_id=first["id"], input=[{"role": "user", "content": [{"type": "input_text", "text": "and now?"}]}])
    answers.ask("GET", path, "Response")
    answers.ask("GET", f"/responses/{second['id']}/input_items", "ResponseItemList")
    answers.ask("POST", "/responses/input_tokens", "TokenCountsResource", {"model": MODEL, "input": "hi"})
    answers.ask("POST", path + "/cancel", "ErrorResponse", status=400)
    behind = ask(background=True)
    answers.ask("POST", f"/responses/{behind['id']}/cancel", "Response")
    answers.ask("DELETE", path, None)
    answers.ask("GET", path, "ErrorResponse", status=404)


def files_and_batches(answers):
    line = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": {"model": MODEL, "messages": HI, "max_tokens": 2}}
    form = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n"
    file = answers.ask("POST", "/files", "OpenAIFile", form=form + json.dumps(line) + "\n\r\n--b--\r\n")
    answers.ask("GET", "/files", "ListFilesResponse")
    answers.ask("GET", "/files/" + file["id"], "OpenAIFile")
    answers.ask("GET", f"/files/{file['id']}/content", None)
    order = {"input_file_id": file["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    batch = answers.ask("POST", "/batches", "Batch", order)
    answers.ask("GET", "/batches/" + batch["id"], "Batch")
    answers.ask("GET", "/batches", "ListBatchesResponse")
    answers.ask("POST", "/batches", "ErrorResponse", {**order, "input_file_id": "file-none"}, 400)
    answers.ask("GET", "/batches/batch_none", "ErrorResponse", status=404)
    answers.ask("DELETE", "/files/" + file["id"], "DeleteFileResponse")


def made(document):
    """Requests that schemathesis makes of the document; hooks.py points them at models that are there."""
    path = FOLDER / "openapi.json"
    path.write_text(json.dumps(document))
    return subprocess.run(
        [
            FOLDER / "python" / "bin" / "st",
            *("--config-file", HERE / "schemathesis.toml"),
            *("run", path, "--url", URL, "--header", "Authorization: Bearer " + KEY),
            *("--max-examples", os.environ["YUNTAI_EXAMPLES"], "--seed", os.environ.get("YUNTAI_SEED", "1")),
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"), "YUNTAI_MODEL": MODEL, "YUNTAI_VECTORS": VECTORS, "PYTHONPATH": str(HERE)},
        cwd=FOLDER,
    ).returncode


def main():
    document = served(published())
    answers = Answers(Judge(document))
    for part in (chats, texts, responses, files_and_batches):
        part(answers)
    for fault in dict.fromkeys(answers.faults):
        print("  " + fault)
    print(f"known requests: {answers.asked} asked, {len(answers.faults)} faults")
    return 1 if made(document) != 0 or answers.faults else 0


if __name__ == "__main__":
    sys.exit(main())
