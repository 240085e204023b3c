from langchain_openai import ChatOpenAI

for chunk in ChatOpenAI(model="{{model}}").stream("Say hello in five words."):
    print(chunk.content, end="", flush=True)
print()
