from anthropic import Anthropic

with Anthropic().messages.stream(
    model="{{model}}",
    max_tokens=64,
    messages=[{"role": "user", "content": "Say hello in five words."}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
print()
