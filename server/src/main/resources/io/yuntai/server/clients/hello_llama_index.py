import os

from llama_index.llms.openai_like import OpenAILike

model = OpenAILike(
    model="{{model}}",
    api_base=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
    is_chat_model=True,
)
print(model.complete("Say hello in five words."))
