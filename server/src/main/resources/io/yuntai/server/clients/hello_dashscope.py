from dashscope import Generation

for part in Generation.call(
    model="{{model}}",
    messages=[{"role": "user", "content": "Say hello in five words."}],
    result_format="message",
    stream=True,
    incremental_output=True,
):
    print(part.output.choices[0].message.content, end="", flush=True)
print()
