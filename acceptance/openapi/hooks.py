"""Points requests that schemathesis makes at models that are there, and keeps their answers short."""

import os

import schemathesis

MODEL = os.environ["YUNTAI_MODEL"]
VECTORS = os.environ["YUNTAI_VECTORS"]
SHORT = {"/chat/completions": "max_completion_tokens", "/completions": "max_tokens", "/responses": "max_output_tokens"}


@schemathesis.hook
def map_body(context, body):
    path = context.operation.path
    if isinstance(body, dict) and "model" in body:
        body["model"] = VECTORS if path == "/embeddings" else MODEL
    if isinstance(body, dict) and path in SHORT:
        body.pop("max_tokens", None)
        body[SHORT[path]] = 4
        if isinstance(body.get("n"), int):
            body["n"] = min(body["n"], 2)
    return body


@schemathesis.hook
def map_path_parameters(context, parameters):
    if parameters and "model" in parameters:
        parameters["model"] = MODEL
    return parameters
