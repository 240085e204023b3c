package io.yuntai.models.transfer;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file to fetch.
 *
 * @param address an http or https address
 * @param bearerToken sent to the address's own host and nowhere else
 * @param tokenVariable the environment variable that would hold the token, named when the server
 *     asks for one
 */
public record RemoteFile(URI address, @Nullable String bearerToken, String tokenVariable) {
  @Override
  public String toString() {
    return address.toString(); // Never the token.
  }
}
