package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
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
  private final Map<AnswerForm, Grammar> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AnswerForm, Grammar> eldest) {
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

  /**
   * The begin of answers of a form.
   *
   * @return null for {@link AnswerForm.Free}
   * @throws ApiException 400 with the field, for a form that can't be held
   */
  @Nullable TokenState start(AnswerForm form) throws ApiException {
    return form instanceof AnswerForm.Free ? null : masks().start(grammar(form));
  }

  /** The begin of answers of a grammar. */
  public TokenState start(Grammar grammar) {
    return masks().start(grammar);
  }

  /**
   * The grammar of a form, kept for the next request.
   *
   * @throws ApiException 400 with the field, for a form that can't be held
   */
  public Grammar grammar(AnswerForm form) throws ApiException {
    synchronized (kept) {
      Grammar known = kept.get(form);
      if (known != null) {
        return known;
      }
    }
    compiling.acquireUninterruptibly();
    try {
      Grammar grammar = compile(form);
      synchronized (kept) {
        kept.put(form, grammar);
      }
      return grammar;
    } catch (GrammarException e) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              form.field(),
              "Invalid '%s': %s.".formatted(form.field(), shortened(e.sentence()))));
    } finally {
      compiling.release();
    }
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
