package io.yuntai.ledger.requests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a filter means in SQL, of {@code request_log r}. */
final class RequestConditions {
  private static final String WENT_WRONG = "(r.status >= 400 or r.error_code <> '')";

  private final List<String> conditions = new ArrayList<>();
  private final List<@Nullable Object> parameters = new ArrayList<>();

  /**
   * @param orgId 0 for all organisations
   * @param personId who asked, where the filter names somebody; 0 for nobody known
   */
  RequestConditions(long orgId, long personId, RequestFilter filter) {
    if (orgId > 0) {
      add("r.org_id = ?", orgId);
    }
    filter.from().ifPresent(from -> add("r.at >= ?::timestamptz", from));
    filter.to().ifPresent(to -> add("r.at < ?::timestamptz", to));
    filter
        .project()
        .ifPresent(project ->
            add(
                "exists (select from project p where p.org_id = r.org_id and p.id = r.project_id"
                    + " and p.name = ?)",
                project));
    filter
        .key()
        .ifPresent(key ->
            add(
                "r.key_id = any(array(select k.id from api_key k where k.public_id = ?"
                    + (orgId > 0 ? " and k.org_id = ?" : "")
                    + "))",
                orgId > 0 ? new Object[] {key, orgId} : new Object[] {key}));
    filter
        .person()
        .ifPresent(_ -> add("r.key_id = 0 and r.user_id = ? and r.user_id <> 0", personId));
    filter.model().ifPresent(model -> add("(r.model = ? or r.served = ?)", model, model));
    filter.dialect().ifPresent(dialect -> add("r.dialect = ?", dialect));
    filter.status().ifPresent(status -> add("r.status = ?", status));
    filter.failed().ifPresent(failed -> add(failed ? WENT_WRONG : "not " + WENT_WRONG));
    filter.errorCode().ifPresent(code -> add("r.error_code = ?", code));
    filter.streamed().ifPresent(streamed -> add(streamed ? "r.streamed" : "not r.streamed"));
    filter.slowerThanMicros().ifPresent(micros -> add("r.total_micros > ?", micros));
  }

  void add(String condition, Object... values) {
    conditions.add(condition);
    parameters.addAll(Arrays.asList(values));
  }

  String sql() {
    return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
  }

  /** Those of the conditions, and then these. */
  @Nullable Object[] parameters(Object... further) {
    List<@Nullable Object> all = new ArrayList<>(parameters);
    all.addAll(Arrays.asList(further));
    return all.toArray();
  }
}
