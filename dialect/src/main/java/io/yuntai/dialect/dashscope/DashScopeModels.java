package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.json.JsonBytes;
import java.util.List;

/** {@code GET /api/v1/models}. */
public final class DashScopeModels {
  private DashScopeModels() {}

  /**
   * A page of the models' names.
   *
   * @param names all of them
   * @param page from 1
   * @param pageSize most names on it
   */
  public static byte[] encode(List<String> names, int page, int pageSize, String requestId) {
    JsonBytes out = new JsonBytes(256).raw("{\"request_id\":").text(requestId);
    out.raw(",\"output\":{\"total\":").number(names.size());
    out.raw(",\"page_no\":").number(page).raw(",\"page_size\":").number(pageSize);
    out.raw(",\"models\":[");
    long from = Math.min((page - 1L) * pageSize, names.size());
    long to = Math.min(from + pageSize, names.size());
    for (int i = (int) from; i < to; i++) {
      out.raw(i == from ? "" : ",").raw("{\"model\":").text(names.get(i));
      out.raw(",\"name\":").text(names.get(i)).raw("}");
    }
    return out.raw("]}}").toBytes();
  }
}
