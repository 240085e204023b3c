package io.yuntai.server.upstream;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request for vectors or an order of documents to an upstream. For one reading thread; {@link
 * #cancel} may come from any.
 */
public final class EncoderReply implements AutoCloseable {
  private final UpstreamReply reply;
  private final Reader reader;

  /** Takes a whole body; such answers are never streamed. */
  static final class Reader implements AnswerReader {
    private final UpstreamCodec codec;
    private final EncoderRequest request;
    private @Nullable EncoderAnswer answer;

    Reader(UpstreamCodec codec, EncoderRequest request) {
      this.codec = codec;
      this.request = request;
    }

    @Override
    public void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException {
      answer = codec.encoderAnswer(request, json);
    }

    @Override
    public void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
        throws ApiException {
      throw UpstreamJson.broken("it comes as a stream");
    }

    @Override
    public void end(Consumer<AnswerEvent> sink) throws ApiException {
      throw UpstreamJson.broken("it comes as a stream");
    }

    @Override
    public boolean complete() {
      return answer != null;
    }
  }

  EncoderReply(UpstreamReply reply, Reader reader) {
    this.reply = reply;
    this.reader = reader;
  }

  /** Sends the request and waits for the answer; once. */
  public EncoderAnswer read() throws UpstreamException {
    boolean more = reply.read(_ -> {});
    EncoderAnswer answer = reader.answer;
    if (more || answer == null) {
      throw new IllegalStateException("a body is read as a whole");
    }
    return answer;
  }

  /** Ends it; the reading thread is told that it was cancelled. */
  public void cancel() {
    reply.cancel();
  }

  /** Gives the connection back where the answer was read to its end, or closes it. */
  @Override
  public void close() {
    reply.close();
  }
}
