// llama.cpp's side of a comparison: one model, loaded once, that does one repetition at a time when told to.
//
//   worker LIBRARY_FOLDER MODEL THREADS PROMPT_TOKENS SHORT_TOKENS GENERATED_TOKENS [KERNEL]
//
// KERNEL forces one of the processor libraries, such as cpu-zen4; without it, llama.cpp takes the best for this machine.
// Says "fact NAME TEXT" lines and then "ready". Commands on stdin: "prefill N" and "decode SHORT N"; the answer is
// "nanos T", the time of the N tokens alone. Ends at "quit" or when stdin does.
//
// As llama-bench does: llama_decode and llama_synchronize on made-up tokens, with a thread pool that stays. (Without one,
// ggml makes threads anew for every step.) It is paused before the answer, since its threads would otherwise spin on for
// a good part of a second, in the other side's time. Beyond llama-bench, the arg-max is taken of each step's logits, as
// it is on the other side.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <float.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "llama.h"

enum { MICRO_BATCH = 512, BATCH_MAX = 2048 };

static struct llama_model *model;
static struct llama_context *contexts[2]; // without and with flash attention
static int prefill_context = 0;
static int decode_context = 0;
static int threads;
static int vocabulary;

static ggml_threadpool_t pool;
static void (*pause_pool)(ggml_threadpool_t);

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("error ");
  vprintf(format, arguments);
  printf("\n");
  fflush(stdout);
  exit(1);
}

static int64_t now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// The same made-up tokens as the other side's.
static llama_token token_at(int index) { return (llama_token)(((int64_t)index * 7919 + 11) % vocabulary); }

static llama_token arg_max(const float *logits) {
  float lanes[16];
  for (int lane = 0; lane < 16; lane++) lanes[lane] = -FLT_MAX;
  int i = 0;
  for (; i + 16 <= vocabulary; i += 16)
    for (int lane = 0; lane < 16; lane++) lanes[lane] = logits[i + lane] > lanes[lane] ? logits[i + lane] : lanes[lane];
  float best = -FLT_MAX;
  for (int lane = 0; lane < 16; lane++) best = lanes[lane] > best ? lanes[lane] : best;
  for (; i < vocabulary; i++) best = logits[i] > best ? logits[i] : best;
  for (i = 0; i < vocabulary; i++)
    if (logits[i] == best) return i;
  fail("llama.cpp computed no usable logits");
  return 0;
}

static void step(struct llama_context *context, llama_token *tokens, int count) {
  int status = llama_decode(context, llama_batch_get_one(tokens, count));
  if (status != 0) fail("llama_decode returned %d", status);
}

static void feed(struct llama_context *context, int count) {
  static llama_token tokens[BATCH_MAX];
  for (int first = 0; first < count; first += BATCH_MAX) {
    int size = count - first < BATCH_MAX ? count - first : BATCH_MAX;
    for (int i = 0; i < size; i++) tokens[i] = token_at(first + i);
    step(context, tokens, size);
  }
  llama_synchronize(context);
}

static int64_t timed(struct llama_context *context, int prompt, int generated) {
  llama_memory_clear(llama_get_memory(context), false);

  int64_t start = now_nanos();
  feed(context, prompt);
  if (generated > 0) {
    llama_token token = arg_max(llama_get_logits_ith(context, -1));
    start = now_nanos();
    for (int i = 0; i < generated; i++) {
      step(context, &token, 1);
      token = arg_max(llama_get_logits_ith(context, -1)); // synchronizes
    }
  } else {
    arg_max(llama_get_logits_ith(context, -1));
  }
  int64_t nanos = now_nanos() - start;
  pause_pool(pool); // the next step resumes it
  return nanos;
}

static struct llama_context *open_context(int tokens, enum llama_flash_attn_type flash_attention) {
  struct llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = tokens;
  parameters.n_batch = BATCH_MAX;
  parameters.n_ubatch = MICRO_BATCH;
  parameters.n_threads = threads;
  parameters.n_threads_batch = threads;
  parameters.flash_attn_type = flash_attention;
  struct llama_context *context = llama_init_from_model(model, parameters);
  if (!context) fail("llama.cpp could not make a context of %d tokens", tokens);
  llama_attach_threadpool(context, pool, NULL);
  return context;
}

// Which context does this phase in less time? The better of two repetitions each, in turn; a first one warms up.
static int faster_context(int prompt, int generated) {
  int64_t best[2] = {INT64_MAX, INT64_MAX};
  for (int round = 0; round < 3; round++)
    for (int i = 0; i < 2; i++) {
      int64_t nanos = timed(contexts[i], prompt, generated);
      if (round > 0 && nanos < best[i]) best[i] = nanos;
    }
  return best[1] < best[0];
}

// ggml keeps one library for each kind of processor and loads the best that runs here: says which, and finds in it what
// the loader's own look-up does not offer.
static void open_pool(void) {
  char line[4096];
  char *path = NULL;
  FILE *maps = fopen("/proc/self/maps", "r");
  while (!path && maps && fgets(line, sizeof line, maps))
    if (strstr(line, "/libggml-cpu")) path = strchr(line, '/');
  if (maps) fclose(maps);
  if (!path) fail("llama.cpp loaded no processor library");
  path[strcspn(path, "\n")] = 0;

  void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
  if (!library) fail("%s cannot be opened: %s", path, dlerror());
  ggml_threadpool_t (*new_pool)(struct ggml_threadpool_params *);
  *(void **)&new_pool = dlsym(library, "ggml_threadpool_new");
  *(void **)&pause_pool = dlsym(library, "ggml_threadpool_pause");
  if (!new_pool || !pause_pool) fail("%s offers no thread pools", path);
  struct ggml_threadpool_params parameters = ggml_threadpool_params_default(threads);
  pool = new_pool(&parameters);
  if (!pool) fail("llama.cpp could not start %d threads", threads);

  char *name = strrchr(path, '/') + strlen("/libggml-");
  name[strcspn(name, ".")] = 0;
  printf("fact kernel %s\n", name);
}

static void log_warnings(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level >= GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_CONT) fputs(text, stderr);
}

static void load(const char *libraries, const char *kernel, const char *file) {
  llama_log_set(log_warnings, NULL);
  if (kernel) {
    char library[4096];
    snprintf(library, sizeof library, "%s/libggml-%s.so", libraries, kernel);
    if (!ggml_backend_load(library)) fail("llama.cpp has no kernel '%s' that runs here (%s)", kernel, library);
  } else {
    ggml_backend_load_all_from_path(libraries);
  }
  open_pool();
  llama_backend_init();
  struct llama_model_params parameters = llama_model_default_params();
  parameters.n_gpu_layers = 0;
  parameters.load_mode = LLAMA_LOAD_MODE_MMAP;
  model = llama_model_load_from_file(file, parameters);
  if (!model) fail("llama.cpp could not load %s", file);
  vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
}

static int number(const char *text) {
  int value = atoi(text);
  if (value < 1) fail("'%s' is not a number above 0", text);
  return value;
}

int main(int count, char **arguments) {
  if (count < 7 || count > 8) fail("six or seven arguments are needed");
  threads = number(arguments[3]);
  int prompt = number(arguments[4]);
  int short_prompt = number(arguments[5]);
  int generated = number(arguments[6]);
  load(arguments[1], count == 8 ? arguments[7] : NULL, arguments[2]);
  int context = (prompt > short_prompt + generated ? prompt : short_prompt + generated) + 1;
  contexts[0] = open_context(context, LLAMA_FLASH_ATTN_TYPE_DISABLED);
  contexts[1] = open_context(context, LLAMA_FLASH_ATTN_TYPE_ENABLED);
  prefill_context = faster_context(prompt, 0);
  decode_context = faster_context(short_prompt, generated);

  printf("fact version %s\n", llama_version());
  printf("fact flash_attention prefill %s, decode %s\n", prefill_context ? "on" : "off", decode_context ? "on" : "off");
  printf("ready\n");
  fflush(stdout);

  char line[256];
  int first, second;
  while (fgets(line, sizeof line, stdin) && strcmp(line, "quit\n") != 0) {
    if (sscanf(line, "prefill %d", &first) == 1 && first > 0 && first < context) {
      printf("nanos %lld\n", (long long)timed(contexts[prefill_context], first, 0));
    } else if (sscanf(line, "decode %d %d", &first, &second) == 2 && first > 0 && second > 0 && first + second < context) {
      printf("nanos %lld\n", (long long)timed(contexts[decode_context], first, second));
    } else {
      fail("this is no command: %s", line);
    }
    fflush(stdout);
  }
  return 0;
}
