from openai import OpenAI

client = OpenAI()
for chunk in client.chat.completions.create(
    model="{{model}}",
    messages=[{"role": "user", "content": "Say hello in five words."}],
    stream=True,
):
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
print()
