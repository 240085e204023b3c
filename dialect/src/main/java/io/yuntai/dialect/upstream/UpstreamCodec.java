package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import java.util.List;

/** How servers of one API are asked. Implementations are pure and safe for use by many threads. */
public interface UpstreamCodec {
  /**
   * What to send for a request.
   *
   * @param request its model is the upstream's own name for it; its delivery says whether to ask
   *     for a stream. Usage is asked for in any case
   * @throws ApiException 400 naming a setting that this API has no word for, rather than leave it
   *     out silently
   */
  UpstreamCall call(ModelRequest request) throws ApiException;

  /**
   * What to send for a request that generates nothing.
   *
   * @param request its model is the upstream's own name for it
   * @throws ApiException 400 naming a setting that this API has no word for, or where it has no
   *     such requests at all
   */
  UpstreamCall encoderCall(EncoderRequest request) throws ApiException;

  /**
   * Reads the answer to a request that generates nothing, in the client's terms: as many vectors as
   * texts, or the best of the documents by relevance.
   *
   * @param request as it was given to {@link #encoderCall}
   * @param json the body
   * @throws ApiException 502 when it is not what this API answers
   */
  EncoderAnswer encoderAnswer(EncoderRequest request, byte[] json) throws ApiException;

  /** The headers that carry a credential; they are sent and never logged. */
  List<Header> credentials(String key);

  /**
   * Reads the answer to a request.
   *
   * @param request as it was given to {@link #call}
   */
  AnswerReader reader(ModelRequest request);

  /**
   * What an answer of another status than 2xx says, in canonical terms: the upstream's status and
   * sentence, and where it has one the code by OpenAI's name ({@code context_length_exceeded},
   * {@code rate_limit_exceeded}, {@code insufficient_quota}, {@code invalid_api_key}, {@code
   * model_not_found}, ...).
   *
   * @param body what came, possibly cut short and not in this API's shape at all
   */
  ApiError error(int status, byte[] body);
}
