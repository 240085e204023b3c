import os

import litellm

answer = litellm.completion(
    model="openai/{{model}}",
    api_base=os.environ["OPENAI_BASE_URL"],
    messages=[{"role": "user", "content": "Say hello in five words."}],
)
print(answer.choices[0].message.content)
