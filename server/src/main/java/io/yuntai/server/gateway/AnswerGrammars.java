package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ToolUse;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.server.output.CallSyntax;
import io.yuntai.server.output.OutputReader;
import io.yuntai.server.output.OutputReader.Start;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What holds one model's answers to forms: the masks of its vocabulary, made when they are first
 * needed, and the grammars that were asked for last. Safe for use by many threads.
 */
public final class AnswerGrammars {
  private static final int MAX_KEPT = 256;

  /** Compiling may take a second of a core, and comes from strangers. */
  private static final int MAX_COMPILING = 2;

  private final Tokenizer tokenizer;
  private final Set<Integer> shownTokens;
  private final Semaphore compiling = new Semaphore(MAX_COMPILING);
  private final Map<Object, HeldAnswer> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, HeldAnswer> eldest) {
          return size() > MAX_KEPT;
        }
      };
  private @Nullable TokenMasks masks;

  /**
   * @param tokenizer the model's vocabulary
   * @param shownTokens control tokens whose spelling is part of answers
   */
  public AnswerGrammars(Tokenizer tokenizer, Set<Integer> shownTokens) {
    this.tokenizer = tokenizer;
    this.shownTokens = Set.copyOf(shownTokens);
  }

  /** Makes the masks, if nobody has: about a quarter of a second for 150,000 tokens. */
  public void prepare() {
    masks();
  }

  /** The begin of answers of a grammar. */
  public TokenState start(Grammar grammar) {
    return masks().start(grammar);
  }

  /**
   * The grammar of a form, kept for the next request.
   *
   * @param form not {@link AnswerForm.Free}
   * @param start how answers begin; thoughts are free, the form comes after them
   * @throws ApiException 400 with the field, for a form that can't be held
   */
  public Grammar grammar(AnswerForm form, Start start) throws ApiException {
    return kept(
            new FormKey(form, start),
            () -> {
              try {
                return new HeldAnswer(afterThoughts(compile(form), start), Map.of());
              } catch (GrammarException e) {
                throw refused(form.field(), e);
              }
            })
        .grammar();
  }

  /**
   * What holds answers that may call tools, kept likewise.
   *
   * @param use with at least one tool that may be called
   * @param form of an answer that calls none; calls that must be there leave no place for it
   * @param start how answers begin; thoughts are free
   * @throws ApiException 400 with the field, for a form or a strict tool whose schema can't be held
   */
  HeldAnswer answers(ToolUse use, CallSyntax syntax, AnswerForm form, Start start)
      throws ApiException {
    return kept(
        new ToolKey(use, form, start),
        () ->
            use.choice() instanceof ToolUse.Choice.Free && !(form instanceof AnswerForm.Free)
                ? callsOr(use, syntax, form, start)
                : ToolGrammars.of(use, use.choice(), syntax, start != Start.ANSWER));
  }

  /** Either calls and nothing else, or the form. */
  private static HeldAnswer callsOr(ToolUse use, CallSyntax syntax, AnswerForm form, Start start)
      throws ApiException {
    HeldAnswer calls = ToolGrammars.of(use, new ToolUse.Choice.Required(), syntax, false);
    try {
      Grammar either = Grammar.either(List.of(calls.grammar(), compile(form)));
      return new HeldAnswer(afterThoughts(either, start), calls.tools());
    } catch (GrammarException e) {
      throw refused(form.field(), e);
    }
  }

  private record ToolKey(ToolUse use, AnswerForm form, Start start) {}

  private record FormKey(AnswerForm form, Start start) {}

  private interface Maker {
    HeldAnswer make() throws ApiException;
  }

  private HeldAnswer kept(Object key, Maker maker) throws ApiException {
    synchronized (kept) {
      HeldAnswer known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    compiling.acquireUninterruptibly();
    try {
      HeldAnswer made = maker.make();
      synchronized (kept) {
        kept.put(key, made);
      }
      return made;
    } finally {
      compiling.release();
    }
  }

  private static Grammar afterThoughts(Grammar form, Start start) throws GrammarException {
    Grammar thoughts =
        Grammar.sequence(
            List.of(
                Grammar.textWithout(List.of(OutputReader.END_OF_THINK)),
                Grammar.literal(OutputReader.END_OF_THINK),
                Grammar.regex("\\n{0,2}"),
                form));
    return switch (start) {
      case ANSWER -> form;
      case REASONING -> thoughts;
      case MAYBE_REASONING ->
          Grammar.either(
              List.of(
                  form, Grammar.sequence(List.of(Grammar.literal(OutputReader.THINK), thoughts))));
    };
  }

  /** What is wrong with a form, a schema or a pattern that a field holds. */
  static ApiException refused(String field, GrammarException e) {
    return new ApiException(
        ApiError.invalidField(
            "invalid_value", field, "Invalid '%s': %s.".formatted(field, shortened(e.sentence()))));
  }

  private static Grammar compile(AnswerForm form) throws GrammarException {
    return switch (form) {
      case AnswerForm.Free _ -> throw new IllegalArgumentException("a free answer has no grammar");
      case AnswerForm.JsonObject _ -> JsonSchemas.anyObject();
      case AnswerForm.JsonSchema schema ->
          JsonSchemas.compile(JsonValue.of(schema.schema()), PropertyOrder.SCHEMA);
      case AnswerForm.Regex regex -> Grammar.regex(regex.pattern());
      case AnswerForm.Choice choice -> Grammar.choice(choice.texts());
      case AnswerForm.Gbnf gbnf -> Grammar.gbnf(gbnf.source());
    };
  }

  private synchronized TokenMasks masks() {
    TokenMasks made = masks;
    if (made == null) {
      made = TokenMasks.of(tokenizer, shownTokens);
      masks = made;
    }
    return made;
  }

  private static String shortened(String sentence) {
    String plain = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return plain.length() <= 600 ? plain : plain.substring(0, 600) + "...";
  }
}
