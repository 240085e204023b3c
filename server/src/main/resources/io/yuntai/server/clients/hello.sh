curl --no-buffer --silent --show-error --fail-with-body "$OPENAI_BASE_URL/chat/completions" \
  --header "Authorization: Bearer $OPENAI_API_KEY" \
  --json '{"model": "{{model}}", "messages": [{"role": "user", "content": "Say hello in five words."}], "stream": true}'
