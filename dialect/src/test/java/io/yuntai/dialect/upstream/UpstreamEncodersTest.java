package io.yuntai.dialect.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.anthropic.AnthropicUpstream;
import io.yuntai.dialect.dashscope.DashScopeAnswers;
import io.yuntai.dialect.dashscope.DashScopeEncoders;
import io.yuntai.dialect.dashscope.DashScopeUpstream;
import io.yuntai.dialect.ollama.OllamaRequests;
import io.yuntai.dialect.ollama.OllamaUpstream;
import io.yuntai.dialect.openai.EncoderAnswers;
import io.yuntai.dialect.openai.EncoderRequests;
import io.yuntai.dialect.openai.OpenAiFlavour;
import io.yuntai.dialect.openai.OpenAiUpstream;
import io.yuntai.dialect.testing.RandomBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests for vectors and orders of documents to upstreams, and their answers. */
class UpstreamEncodersTest {
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomBytes values = new RandomBytes(random);
  private final UpstreamCodec openAi = OpenAiUpstream.of(OpenAiFlavour.OPENAI);
  private final UpstreamCodec compatible = OpenAiUpstream.of(OpenAiFlavour.COMPATIBLE);
  private final UpstreamCodec dashScope = new DashScopeUpstream();
  private final UpstreamCodec ollama = new OllamaUpstream();

  @BeforeEach
  void tellTheSeed() {
    System.out.println("-Dyuntai.seed=" + seed);
  }

  @Test
  void requestsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      EmbeddingRequest texts = texts(new InputRole.Document());
      EmbeddingRequest read = EncoderRequests.decodeEmbedding(compatible.encoderCall(texts).body());
      assertThat(read).isEqualTo(texts);
      assertThat(EncoderRequests.decodeEmbedding(openAi.encoderCall(texts).body()).base64())
          .isTrue();
      assertThat(OllamaRequests.decodeEmbed(ollama.encoderCall(texts).body())).isEqualTo(texts);
      EmbeddingRequest query =
          texts(new InputRole.Query(random.nextBoolean() ? "" : "find " + random.nextInt(9)));
      assertThat(DashScopeEncoders.decodeEmbedding(dashScope.encoderCall(query).body()))
          .isEqualTo(query);
      RerankRequest documents = documents("");
      assertThat(EncoderRequests.decodeRerank(compatible.encoderCall(documents).body()))
          .isEqualTo(asSent(documents));
      RerankRequest instructed = documents("judge");
      assertThat(DashScopeEncoders.decodeRerank(dashScope.encoderCall(instructed).body()))
          .isEqualTo(asSent(instructed));
    }
  }

  /** Documents are ours, and no upstream is asked to send them back. */
  private static RerankRequest asSent(RerankRequest request) {
    return new RerankRequest(
        request.model(),
        request.query(),
        request.instruction(),
        request.documents(),
        Math.min(request.top(), request.documents().size()),
        false,
        request.truncation());
  }

  @Test
  void vectorsThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 500; i++) {
      EmbeddingRequest request = texts(new InputRole.Document());
      EmbeddingAnswer answer = vectors(request, false);
      same(compatible.encoderAnswer(request, EncoderAnswers.encode(answer)), answer);
      same(dashScope.encoderAnswer(request, DashScopeAnswers.encode(answer, "r")), answer);
      EmbeddingAnswer packed =
          new EmbeddingAnswer(answer.model(), answer.vectors(), true, answer.usage());
      same(openAi.encoderAnswer(request, EncoderAnswers.encode(packed)), answer);
    }
  }

  private static void same(Object read, EmbeddingAnswer written) {
    EmbeddingAnswer answer = (EmbeddingAnswer) read;
    assertThat(answer.model()).isEqualTo(written.model());
    assertThat(answer.usage()).isEqualTo(written.usage());
    assertThat(answer.vectors()).hasSameSizeAs(written.vectors());
    for (int i = 0; i < answer.vectors().size(); i++) {
      assertThat(answer.vectors().get(i)).containsExactly(written.vectors().get(i));
    }
  }

  @Test
  void ordersThatAreWrittenAreReadBack() throws Exception {
    for (int i = 0; i < 500; i++) {
      RerankRequest request = documents("");
      RerankAnswer answer = order(request);
      assertThat(compatible.encoderAnswer(request, EncoderAnswers.encode(answer)))
          .isEqualTo(answer);
      assertThat(dashScope.encoderAnswer(request, DashScopeAnswers.encode(answer, "r")))
          .isEqualTo(answer);
    }
  }

  @Test
  void sglangsListOfScoresIsAnOrder() throws Exception {
    RerankRequest request =
        new RerankRequest("m", "q", "", List.of("a", "b"), 2, true, new Truncation.Refuse());
    RerankAnswer read =
        (RerankAnswer)
            compatible.encoderAnswer(
                request,
                "[{\"score\":0.1,\"document\":\"a\",\"index\":0},{\"score\":0.9,\"document\":\"b\",\"index\":1}]"
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(read.results())
        .containsExactly(
            new RerankAnswer.Result(1, 0.9, Optional.of("b")),
            new RerankAnswer.Result(0, 0.1, Optional.of("a")));
  }

  @Test
  void damagedAnswersAreReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < 6_000; i++) {
      EmbeddingRequest texts = texts(new InputRole.Document());
      RerankRequest documents = documents("");
      byte[] vectors = values.damaged(EncoderAnswers.encode(vectors(texts, random.nextBoolean())));
      byte[] order = values.damaged(EncoderAnswers.encode(order(documents)));
      refused += reads(() -> compatible.encoderAnswer(texts, vectors), vectors);
      refused += reads(() -> dashScope.encoderAnswer(texts, vectors), vectors);
      refused += reads(() -> ollama.encoderAnswer(texts, vectors), vectors);
      refused += reads(() -> compatible.encoderAnswer(documents, order), order);
    }
    assertThat(refused).isPositive();
  }

  private interface Reading {
    Object read() throws ApiException;
  }

  private static int reads(Reading reading, byte[] body) {
    try {
      assertThat(reading.read()).isNotNull();
      return 0;
    } catch (ApiException e) {
      assertThat(e.error().status()).isEqualTo(502);
      return 1;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("body: " + new String(body, StandardCharsets.ISO_8859_1), e);
    }
  }

  @Test
  void ollamasVectorsAreRows() throws Exception {
    EmbeddingRequest request =
        texts(new InputRole.Document(), List.of(new Prompt.Text("a"), new Prompt.Text("b")));
    EmbeddingAnswer read =
        (EmbeddingAnswer)
            ollama.encoderAnswer(
                request,
                "{\"embeddings\":[[0.5,1],[-2,3e-1]],\"prompt_eval_count\":4}"
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(read.vectors().get(1)).containsExactly(-2f, 0.3f);
    assertThat(read.usage()).isEqualTo(Usage.ofPrompt(4));
  }

  @Test
  void whatAnApiDoesNotHaveIsRefusedByName() {
    RerankRequest documents = documents("");
    assertThatThrownBy(() -> openAi.encoderCall(documents))
        .hasMessageContaining("can't order documents");
    assertThatThrownBy(() -> ollama.encoderCall(documents))
        .hasMessageContaining("can't order documents");
    assertThatThrownBy(() -> new AnthropicUpstream().encoderCall(documents))
        .hasMessageContaining("neither vectors nor orders");
    assertThatThrownBy(() -> openAi.encoderCall(texts(new InputRole.Query(""))))
        .hasMessageContaining("input_type");
    assertThatThrownBy(() -> compatible.encoderCall(documents("judge")))
        .hasMessageContaining("instruct");
  }

  private EmbeddingRequest texts(InputRole role) {
    return texts(role, values.list(1, 4, () -> new Prompt.Text("x" + values.text())));
  }

  private EmbeddingRequest texts(InputRole role, List<? extends Prompt> inputs) {
    return new EmbeddingRequest(
        "m",
        List.copyOf(inputs),
        true,
        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(99)),
        false,
        new Truncation.Refuse(),
        role);
  }

  private EmbeddingAnswer vectors(EmbeddingRequest request, boolean base64) {
    int width = 1 + random.nextInt(9);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < request.inputs().size(); i++) {
      float[] vector = new float[width];
      for (int k = 0; k < width; k++) {
        vector[k] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return new EmbeddingAnswer(
        request.model(), vectors, base64, Usage.ofPrompt(random.nextInt(1000)));
  }

  private RerankRequest documents(String instruction) {
    return new RerankRequest(
        "m",
        "q" + values.text(),
        instruction,
        values.list(1, 5, () -> "d" + values.text()),
        1 + random.nextInt(6),
        random.nextBoolean(),
        new Truncation.Refuse());
  }

  private RerankAnswer order(RerankRequest request) {
    List<RerankAnswer.Result> results = new ArrayList<>();
    int count = Math.min(request.top(), request.documents().size());
    for (int i = 0; i < count; i++) {
      results.add(
          new RerankAnswer.Result(
              i,
              1.0 / (i + 2),
              request.returnDocuments()
                  ? Optional.of(request.documents().get(i))
                  : Optional.empty()));
    }
    return new RerankAnswer("", request.model(), results, Usage.ofPrompt(random.nextInt(1000)));
  }
}
