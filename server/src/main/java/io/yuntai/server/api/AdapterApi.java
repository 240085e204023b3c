package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.openai.AdapterRequests;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.server.gateway.HostedAdapters;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Adapters loaded and unloaded while the server runs, as vLLM has it. A path on the server's
 * machine is named, so only its operator may.
 */
final class AdapterApi implements Api {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Callers callers;
  private final HostedAdapters adapters;

  AdapterApi(Callers callers, HostedAdapters adapters) {
    this.callers = callers;
    this.adapters = adapters;
  }

  @Override
  public boolean owns(String path) {
    return at(path).isPresent();
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path) {
      case "/v1/load_lora_adapter" -> Optional.of(Resource.post(this::load));
      case "/v1/unload_lora_adapter" -> Optional.of(Resource.post(this::unload));
      default -> Optional.empty();
    };
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  private void load(Exchange exchange) throws ApiException, IOException, InterruptedException {
    requireOperator(exchange);
    AdapterRequests.Load load = exchange.readJson(AdapterRequests::decodeLoad);
    String name = adapters.load(load.name(), load.base(), load.path(), load.inPlace());
    succeed(exchange, "Success: LoRA adapter '%s' added successfully.".formatted(name));
  }

  private void unload(Exchange exchange) throws ApiException, IOException, InterruptedException {
    requireOperator(exchange);
    String name = adapters.unload(exchange.readJson(AdapterRequests::decodeUnload));
    succeed(exchange, "Success: LoRA adapter '%s' removed successfully.".formatted(name));
  }

  private void requireOperator(Exchange exchange) throws ApiException {
    Principal asker = callers.byBearer(exchange);
    if (!asker.operates()) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "operator_only",
              "Adapters are loaded by whoever operates this server: with 'yuntai adapters load' on its machine."));
    }
  }

  /** vLLM's clients look at the status; its text is for people. */
  private static void succeed(Exchange exchange, String sentence) throws IOException {
    exchange.whole(200, TEXT, sentence.getBytes(StandardCharsets.UTF_8));
  }
}
