package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import java.util.Optional;

/**
 * Bodies of {@code POST /v1/load_lora_adapter} and {@code /v1/unload_lora_adapter}, which vLLM
 * added to OpenAI's API.
 */
public final class AdapterRequests {
  private static final int MAX_NAME = 512;
  private static final int MAX_PATH = 4096;

  private AdapterRequests() {}

  /**
   * An adapter to load.
   *
   * @param name {@code base:adapter}, or the adapter's name alone
   * @param path a file or folder on the server's machine
   * @param base the model that it is for, where the request says so by itself
   * @param inPlace whether it takes the place of one that has the name
   */
  public record Load(String name, String path, Optional<String> base, boolean inPlace) {}

  /**
   * Reads a request to load.
   *
   * @throws ApiException with status 400 and the field that is wrong
   */
  public static Load decodeLoad(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    Load load =
        new Load(
            fields.requiredText("lora_name", MAX_NAME),
            fields.requiredText("lora_path", MAX_PATH),
            fields.text("base_model_name", MAX_NAME),
            fields.flag("load_inplace"));
    fields.refuseUnknown();
    return load;
  }

  /**
   * Reads a request to unload.
   *
   * @return the name, as in {@link Load}
   * @throws ApiException with status 400 and the field that is wrong
   */
  public static String decodeUnload(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String name = fields.requiredText("lora_name", MAX_NAME);
    fields.integer("lora_int_id", 0, Integer.MAX_VALUE); // vLLM's own number: nothing here has one
    fields.refuseUnknown();
    return name;
  }
}
