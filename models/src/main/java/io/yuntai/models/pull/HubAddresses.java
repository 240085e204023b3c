package io.yuntai.models.pull;

import io.yuntai.models.catalog.ModelReference.HubFile;
import io.yuntai.models.catalog.ModelReference.HubRepository;
import io.yuntai.models.transfer.RemoteFile;
import io.yuntai.models.transfer.SourceException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a hub's files are, and with which token.
 *
 * <p>The variables are those of the hubs' own clients: {@code HF_ENDPOINT} and {@code HF_TOKEN} of
 * huggingface_hub, {@code MODELSCOPE_DOMAIN} (a host; an address is understood too) and {@code
 * MODELSCOPE_API_TOKEN} of modelscope.
 */
final class HubAddresses {
  private final Map<String, String> environment;

  HubAddresses(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * @throws SourceException if the environment names an endpoint that is no http or https address
   */
  RemoteFile of(HubFile file) throws SourceException {
    String path = "/resolve/" + encoded(file.revision()) + "/" + encoded(file.file());
    return switch (file.hub()) {
      case HUGGING_FACE ->
          remote(
              "HF_ENDPOINT", "https://huggingface.co", "/" + file.repository() + path, "HF_TOKEN");
      case MODELSCOPE ->
          remote(
              "MODELSCOPE_DOMAIN",
              "https://modelscope.cn",
              "/models/" + file.repository() + path,
              "MODELSCOPE_API_TOKEN");
    };
  }

  /**
   * Where a hub lists a repository's files.
   *
   * @throws SourceException as above
   */
  RemoteFile listing(HubRepository repository) throws SourceException {
    String name = repository.repository();
    String revision = encoded(repository.revision());
    return switch (repository.hub()) {
      case HUGGING_FACE ->
          remote(
              "HF_ENDPOINT",
              "https://huggingface.co",
              "/api/models/" + name + "/revision/" + revision,
              "HF_TOKEN");
      case MODELSCOPE ->
          remote(
              "MODELSCOPE_DOMAIN",
              "https://modelscope.cn",
              "/api/v1/models/" + name + "/repo/files?Recursive=true&Revision=" + revision,
              "MODELSCOPE_API_TOKEN");
    };
  }

  private RemoteFile remote(
      String endpointVariable, String standard, String path, String tokenVariable)
      throws SourceException {
    String set = value(endpointVariable);
    String endpoint = set == null ? standard : set.contains("://") ? set : "https://" + set;
    try {
      URI address = new URI(endpoint.replaceAll("/+$", "") + path);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      if (address.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
        return new RemoteFile(address, value(tokenVariable), tokenVariable);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new SourceException(
        endpointVariable + " is '" + set + "', which is not an address such as " + standard);
  }

  private @Nullable String value(String variable) {
    String value = environment.getOrDefault(variable, "").strip();
    return value.isEmpty() ? null : value;
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/"))
        .map(step -> URLEncoder.encode(step, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
