// llama.cpp's side of a comparison.
//
//   worker LIBRARY_FOLDER MODEL THREADS KERNEL
//   worker LIBRARY_FOLDER MODEL THREADS KERNEL SYSTEM_TEXT USER_TEXT
//
// KERNEL forces one of the processor libraries, such as cpu-zen4; with "best", llama.cpp takes the best for this machine.
//
// The first form loads a model, says "fact NAME TEXT" lines and then "ready", and does one repetition at a time when
// told to on stdin. The answer is "nanos T", or a T for each stream. Ends at "quit" or when stdin does.
//
//   prefill N                  reading a prompt of N tokens
//   decode STREAMS P N         N steps of all streams together, after P tokens each, as llama-batched-bench does
//   prefix STREAMS S OWN N     the first token of each of several requests that share their first S tokens, served the
//                              way llama-server serves them by default: a slot each, one KV cache for all, batches of
//                              2048 tokens, tokens of streams that generate before prompts in order of arrival
//   deep D N                   N steps of one stream after D tokens, which are read once and then kept
//   embed TEXTS N              vectors of so many texts of N tokens each, in batches of up to 512 tokens
//   occupy N                   fills a context of N tokens, in llama.cpp's default setting; how much memory that takes
//                              is looked at from outside
//
// The second form answers a chat's first turn with one token, as quickly as a process can, and ends.
//
// As llama-bench does: llama_decode and llama_synchronize on made-up tokens, with a thread pool that stays. (Without one,
// ggml makes threads anew for every step.) It is paused before the answer, since its threads would otherwise spin on for
// a good part of a second, in the other side's time. Beyond llama-bench, the arg-max is taken of each step's logits, as
// it is on the other side.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <float.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "llama.h"

enum { MICRO_BATCH = 512, BATCH_MAX = 2048, STREAMS_MAX = 256, TEXT_MAX = 1 << 16, DEFAULT_CONTEXT = 4096 };

enum kind { PREFILL, DECODE, PREFIX, DEEP, OCCUPY, EMBED, KINDS };

struct command {
  enum kind kind;
  int streams;
  int prompt; // tokens read by each stream; in a prefix, the shared ones
  int own;
  int generated;
};

static struct llama_model *model;
static struct llama_context *context;  // of the command last prepared for
static struct command prepared = {KINDS, 0, 0, 0, 0};
static int deep_setting = -1; // chosen once: a deep context takes long to fill
static struct llama_batch batch;
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

static void add(llama_token token, int position, int stream, bool wants_logits) {
  int i = batch.n_tokens++;
  batch.token[i] = token;
  batch.pos[i] = position;
  batch.n_seq_id[i] = 1;
  batch.seq_id[i][0] = stream;
  batch.logits[i] = wants_logits;
}

static void step(void) {
  int status = llama_decode(context, batch);
  if (status != 0) fail("llama_decode returned %d", status);
}

// Reads a prompt of each stream, stream after stream in batches as large as they can be. The arg-max of each one's last
// token goes to next.
static void read_prompts(int streams, int count, llama_token *next) {
  int waiting[STREAMS_MAX]; // index in the batch of each stream's last token
  int finished = 0;         // streams whose arg-max is known
  batch.n_tokens = 0;
  for (int stream = 0, ended = 0; stream < streams; stream++) {
    for (int i = 0; i < count; i++) {
      bool last = i == count - 1;
      add(token_at(stream * 31 + i), i, stream, last);
      if (last) waiting[ended++] = batch.n_tokens - 1;
      if (batch.n_tokens == BATCH_MAX || (last && stream == streams - 1)) {
        step();
        for (; finished < ended; finished++) next[finished] = arg_max(llama_get_logits_ith(context, waiting[finished]));
        batch.n_tokens = 0;
      }
    }
  }
  llama_synchronize(context);
}

// All streams, one token each, again and again.
static void generate(int streams, int position, int count, llama_token *next) {
  for (int i = 0; i < count; i++) {
    batch.n_tokens = 0;
    for (int stream = 0; stream < streams; stream++) add(next[stream], position + i, stream, true);
    step();
    for (int stream = 0; stream < streams; stream++) next[stream] = arg_max(llama_get_logits_ith(context, stream));
  }
}

// Each repetition has other tokens; those of a prompt's first part are the same in all streams.
static llama_token prefix_token(const struct command *command, int stream, int repetition, int i) {
  int64_t salt = (int64_t)repetition * 65537 + (i < command->prompt ? 0 : stream * 101 + 7);
  return (llama_token)((salt + (int64_t)i * 7919 + 11) % vocabulary);
}

static void serve_slots(const struct command *command, int64_t *nanos) {
  static int repetition = 0;
  repetition++;
  int length = command->prompt + command->own;
  int read[STREAMS_MAX] = {0}, generated[STREAMS_MAX] = {0}, row[STREAMS_MAX];
  llama_token next[STREAMS_MAX];
  int64_t start = now_nanos();
  for (int unfinished = command->streams; unfinished > 0;) {
    batch.n_tokens = 0;
    for (int slot = 0; slot < command->streams; slot++) {
      row[slot] = -1;
      if (generated[slot] == 0 || generated[slot] == command->generated) continue;
      row[slot] = batch.n_tokens;
      add(next[slot], length + generated[slot] - 1, slot, true);
    }
    for (int slot = 0; slot < command->streams; slot++)
      while (read[slot] < length && batch.n_tokens < BATCH_MAX) {
        bool last = read[slot] == length - 1;
        if (last) row[slot] = batch.n_tokens;
        add(prefix_token(command, slot, repetition, read[slot]), read[slot], slot, last);
        read[slot]++;
      }
    step();
    for (int slot = 0; slot < command->streams; slot++) {
      if (row[slot] < 0) continue;
      next[slot] = arg_max(llama_get_logits_ith(context, row[slot]));
      if (generated[slot]++ == 0) nanos[slot] = now_nanos() - start;
      if (generated[slot] == command->generated) unfinished--;
    }
  }
}

// An encoder takes whole texts only: as many as fit a batch.
static void embed(int texts, int count) {
  int pending = 0;
  batch.n_tokens = 0;
  for (int text = 0; text < texts; text++) {
    for (int i = 0; i < count; i++) add(token_at(text * 31 + i), i, pending, true);
    pending++;
    if (batch.n_tokens + count <= MICRO_BATCH && text < texts - 1) continue;
    int status = llama_encode(context, batch);
    if (status != 0) fail("llama_encode returned %d", status);
    for (int i = 0; i < pending; i++)
      if (!llama_get_embeddings_seq(context, i)) fail("llama.cpp gave no vector");
    batch.n_tokens = 0;
    pending = 0;
  }
}

// One repetition in the present context; the number of times that it took down.
static int execute(const struct command *command, int64_t *nanos) {
  llama_memory_t memory = llama_get_memory(context);
  llama_token next[STREAMS_MAX];
  int times = 1;
  int64_t start = now_nanos();
  if (command->kind == EMBED) {
    embed(command->streams, command->prompt);
  } else if (command->kind == DEEP) {
    llama_memory_seq_rm(memory, 0, command->prompt, -1);
    if (llama_memory_seq_pos_max(memory, 0) != command->prompt - 1) {
      llama_memory_clear(memory, false);
      read_prompts(1, command->prompt, next);
    }
    next[0] = token_at(command->prompt);
    start = now_nanos();
    generate(1, command->prompt, command->generated, next);
  } else {
    llama_memory_clear(memory, false);
    if (command->kind == PREFIX) {
      serve_slots(command, nanos);
      times = command->streams;
    } else {
      start = now_nanos();
      read_prompts(command->streams, command->prompt, next);
      if (command->kind == DECODE) start = now_nanos();
      generate(command->streams, command->prompt, command->generated, next);
    }
  }
  if (command->kind != PREFIX) nanos[0] = now_nanos() - start;
  pause_pool(pool); // the next step resumes it
  return times;
}

static bool embeds; // whether contexts give vectors

static struct llama_context *open_context(int tokens, int streams, bool unified, enum llama_flash_attn_type flash_attention) {
  struct llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = embeds ? MICRO_BATCH : tokens;
  parameters.n_seq_max = streams;
  parameters.kv_unified = unified;
  parameters.n_batch = embeds ? MICRO_BATCH : BATCH_MAX;
  parameters.n_ubatch = MICRO_BATCH;
  parameters.embeddings = embeds;
  parameters.n_threads = threads;
  parameters.n_threads_batch = threads;
  parameters.flash_attn_type = flash_attention;
  struct llama_context *opened = llama_init_from_model(model, parameters);
  if (!opened) fail("llama.cpp could not make a context of %d tokens", tokens);
  llama_attach_threadpool(opened, pool, NULL);
  return opened;
}

// Opens a context for a command. With or without flash attention: whichever does it in less time, the better of two
// repetitions each, in turn; a first one warms up. Where a repetition takes long, one each decides.
static void prepare(const struct command *command) {
  if (memcmp(command, &prepared, sizeof prepared) == 0) return;
  if (context) llama_free(context);
  context = NULL;
  int length = command->prompt + command->own + command->generated;
  // Contexts come in multiples of 256 tokens for each stream.
  int tokens = (command->kind == OCCUPY ? length : (length + 255) / 256 * 256) * command->streams;
  embeds = command->kind == EMBED;
  bool unified = command->kind == PREFIX || embeds;
  prepared = *command;
  if (command->kind == OCCUPY) {
    context = open_context(tokens, command->streams, unified, LLAMA_FLASH_ATTN_TYPE_AUTO);
    return;
  }
  int choice = command->kind == DEEP ? deep_setting : -1;
  if (choice < 0) {
    struct llama_context *both[2] = {
        open_context(tokens, command->streams, unified, LLAMA_FLASH_ATTN_TYPE_DISABLED),
        open_context(tokens, command->streams, unified, LLAMA_FLASH_ATTN_TYPE_ENABLED)};
    int64_t best[2] = {INT64_MAX, INT64_MAX};
    int64_t started = now_nanos();
    for (int round = 0; round < 3 && (round == 0 || now_nanos() - started < 20000000000); round++)
      for (int i = 0; i < 2; i++) {
        int64_t nanos[STREAMS_MAX];
        context = both[i];
        int64_t taken = nanos[execute(command, nanos) - 1];
        if (round == 1 || taken < best[i]) best[i] = taken;
      }
    choice = best[1] < best[0];
    context = both[choice];
    llama_free(both[!choice]);
    if (command->kind == DEEP) deep_setting = choice;
  } else {
    context = open_context(
        tokens, command->streams, unified, choice ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED);
  }
  printf("fact flash_attention %s\n", choice ? "on" : "off");
}

// ggml keeps one library for each kind of processor and loads the best that runs here: says which, and finds in it what
// the loader's own look-up does not offer.
static char kernel_name[64];

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
  snprintf(kernel_name, sizeof kernel_name, "%s", name);
}

static void log_warnings(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level >= GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_CONT) fputs(text, stderr);
}

static void load(const char *libraries, const char *file, const char *kernel) {
  llama_log_set(log_warnings, NULL);
  if (strcmp(kernel, "best") != 0) {
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
  batch = llama_batch_init(BATCH_MAX, 0, 1);
  vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
}

static bool parse(const char *line, struct command *command) {
  struct command zero = {KINDS, 1, 0, 0, 0};
  int a, b, c, d;
  *command = zero;
  if (sscanf(line, "prefill %d", &a) == 1) {
    command->kind = PREFILL;
    command->prompt = a;
  } else if (sscanf(line, "decode %d %d %d", &a, &b, &c) == 3) {
    command->kind = DECODE;
    command->streams = a;
    command->prompt = b;
    command->generated = c;
  } else if (sscanf(line, "prefix %d %d %d %d", &a, &b, &c, &d) == 4) {
    command->kind = PREFIX;
    command->streams = a;
    command->prompt = b;
    command->own = c;
    command->generated = d;
  } else if (sscanf(line, "deep %d %d", &a, &b) == 2) {
    command->kind = DEEP;
    command->prompt = a;
    command->generated = b;
  } else if (sscanf(line, "embed %d %d", &a, &b) == 2) {
    command->kind = EMBED;
    command->streams = a;
    command->prompt = b;
    if (b > MICRO_BATCH) command->kind = KINDS;
  } else if (sscanf(line, "occupy %d", &a) == 1) {
    command->kind = OCCUPY;
    command->generated = 8;
    command->prompt = a - command->generated;
  }
  bool generates = command->kind == PREFILL || command->kind == EMBED || command->generated > 0;
  return command->kind != KINDS && generates && command->prompt > 0 && command->own >= 0 && command->streams > 0
      && command->streams <= STREAMS_MAX;
}

static void obey(void) {
  char line[256];
  while (fgets(line, sizeof line, stdin) && strcmp(line, "quit\n") != 0) {
    struct command command;
    int64_t nanos[STREAMS_MAX];
    if (!parse(line, &command)) fail("this is no command: %s", line);
    prepare(&command);
    int times = execute(&command, nanos);
    printf("nanos");
    for (int i = 0; i < times; i++) printf(" %lld", (long long)nanos[i]);
    printf("\n");
    fflush(stdout);
  }
}

static void answer(const char *system_text, const char *user_text) {
  static char text[TEXT_MAX];
  static llama_token tokens[BATCH_MAX];
  struct llama_chat_message messages[2] = {{"system", system_text}, {"user", user_text}};
  const char *template = llama_model_chat_template(model, NULL);
  int length = template ? llama_chat_apply_template(template, messages, 2, true, text, sizeof text) : -1;
  if (length < 0 || length >= TEXT_MAX) length = snprintf(text, sizeof text, "%s %s", system_text, user_text);
  const struct llama_vocab *vocab = llama_model_get_vocab(model);
  int count = llama_tokenize(vocab, text, length, tokens, BATCH_MAX, true, true);
  if (count < 1) fail("the prompt could not be tokenized");
  context = open_context(DEFAULT_CONTEXT, 1, false, LLAMA_FLASH_ATTN_TYPE_AUTO);
  batch.n_tokens = 0;
  for (int i = 0; i < count; i++) add(tokens[i], i, 0, i == count - 1);
  step();
  char piece[256];
  int size = llama_token_to_piece(vocab, arg_max(llama_get_logits_ith(context, -1)), piece, sizeof piece, 0, true);
  fwrite(piece, 1, size > 0 ? size : 0, stdout);
  fputs("\n", stdout);
  fflush(stdout);
  _exit(0); // as quickly as a process can
}

int main(int count, char **arguments) {
  if (count != 5 && count != 7) fail("four or six arguments are needed");
  threads = atoi(arguments[3]);
  if (threads < 1) fail("'%s' is not a number of threads", arguments[3]);
  load(arguments[1], arguments[2], arguments[4]);
  if (count == 7) answer(arguments[5], arguments[6]);
  printf("fact kernel %s\n", kernel_name);
  printf("fact version %s\n", llama_version());
  printf("ready\n");
  fflush(stdout);
  obey();
  return 0;
}
