package io.yuntai.server.admin;

import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.capital.CapitalPlan;
import io.yuntai.ledger.capital.CapitalPlan.Asked;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.PlanFocus;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.plans.PlanForm;
import io.yuntai.server.plans.PlanJobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Capital plans: solved in the background, told of by events, written as files. */
final class PlanRoutes {
  private static final String PLANS = "/plans";
  private static final String PLAN = PLANS + "/{plan}";
  private static final double USUAL_GAP = 0.01;
  private static final double USUAL_SECONDS = 600;
  private static final double MOST_SECONDS = 86_400;
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final PlanJobs jobs;

  PlanRoutes(PlanJobs jobs) {
    this.jobs = jobs;
  }

  void addTo(AdminRoutes routes) {
    routes.operators(
        "GET",
        PLANS,
        "Capital plans, the newest first",
        "",
        "CapitalPlanList",
        200,
        AdminRoutes.PAGED,
        this::list);
    routes.operators(
        "POST",
        PLANS,
        "Solve a plan in the background; its text is that of a plan's file",
        "NewCapitalPlan",
        "CapitalPlan",
        201,
        List.of(),
        this::add);
    routes.operators(
        "GET",
        PLAN,
        "How far a plan is: state, best value, bound and gap",
        "",
        "CapitalPlan",
        200,
        List.of(),
        request -> AdminAnswer.of(view(jobs.plans().find(id(request)))));
    routes.operators(
        "GET",
        PLAN + "/events",
        "The same each time it changes, until its end, as server-sent events",
        "",
        AdminRoute.FILE,
        200,
        List.of(),
        this::events);
    routes.operators(
        "POST",
        PLAN + "/stop",
        "Stop a plan that waits or is solved",
        "",
        "CapitalPlan",
        200,
        List.of(),
        request -> AdminAnswer.of(view(jobs.stop(id(request)))));
    routes.operators(
        "GET",
        PLAN + "/export",
        "A plan that was solved as a file: as is xlsx, csv, json, focus, pdf, svg or mps; of several, file names one",
        "",
        AdminRoute.FILE,
        200,
        List.of("as", "file", "focus"),
        this::export);
    routes.operators(
        "DELETE",
        PLAN,
        "Forget a plan",
        "",
        "",
        204,
        List.of(),
        request -> {
          jobs.plans().remove(request.caller().actor(), id(request));
          return AdminAnswer.NOTHING;
        });
  }

  private static long id(AdminRequest request) {
    String text = request.name("plan");
    if (!text.matches("[0-9]{1,18}")) {
      throw RefusedException.notFound("plan", text.length() <= 40 ? text : "...");
    }
    return Long.parseLong(text);
  }

  private AdminAnswer list(AdminRequest request) throws ApiException {
    return AdminAnswer.of(Views.page(jobs.plans().list(request.page()), PlanRoutes::view));
  }

  private AdminAnswer add(AdminRequest request) throws ApiException {
    String text = request.body().requiredText("text", PlanFileReader.MAX_CHARS);
    double gap = number(request, "gap", USUAL_GAP, 1);
    double seconds = number(request, "seconds", USUAL_SECONDS, MOST_SECONDS);
    double seed = number(request, "seed", 1, 1e15);
    request.body().refuseUnknown();
    CapitalPlan plan =
        jobs.submit(request.caller().actor(), text, new Asked(gap, seconds, (long) seed));
    return new AdminAnswer(201, view(plan), OptionalLong.empty());
  }

  private static double number(AdminRequest request, String field, double otherwise, double most) {
    JsonNode node = request.body().node(field);
    if (node == null) {
      return otherwise;
    }
    if (!node.isNumber() || !(node.doubleValue() >= 0 && node.doubleValue() <= most)) {
      throw RefusedException.invalid(
          field, "'%s' is a number from 0 to %s.".formatted(field, most));
    }
    return node.doubleValue();
  }

  static ObjectNode view(CapitalPlan plan) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", Long.toString(plan.id()))
            .put("name", plan.name())
            .put("state", plan.state().label())
            .put("step", plan.step())
            .put("input_sha256", plan.inputSha256())
            .put("seed", plan.asked().seed())
            .put("sentence", plan.sentence())
            .put("created", plan.created().toString())
            .put("finished", plan.finished().map(Object::toString).orElse(null));
    put(node, "value_millions", plan.value());
    put(node, "bound_millions", plan.bound());
    put(node, "gap", gap(plan));
    return node;
  }

  private static OptionalDouble gap(CapitalPlan plan) {
    if (plan.value().isEmpty() || plan.bound().isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = plan.value().getAsDouble();
    double bound = plan.bound().getAsDouble();
    return OptionalDouble.of(Math.max(0, bound - value) / Math.max(1e-9, Math.abs(value)));
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private AdminAnswer events(AdminRequest request) {
    long id = id(request);
    jobs.plans().find(id);
    return AdminAnswer.of(
        new AdminAnswer.Stream() {
          @Override
          public String type() {
            return Exchange.EVENT_STREAM;
          }

          @Override
          public void write(Exchange exchange) throws IOException, InterruptedException {
            events(exchange, id);
          }
        });
  }

  private void events(Exchange exchange, long id) throws IOException, InterruptedException {
    String last = "";
    while (true) {
      long known = jobs.changes();
      CapitalPlan plan = jobs.plans().find(id);
      String now = view(plan).toString();
      String event = now.equals(last) ? ": waiting\n\n" : "event: plan\ndata: " + now + "\n\n";
      exchange.event(event.getBytes(StandardCharsets.UTF_8));
      if (plan.state().isEnd()) {
        return;
      }
      last = now;
      jobs.awaitChange(known, HEARTBEAT_MILLIS);
    }
  }

  private AdminAnswer export(AdminRequest request) throws ApiException {
    String as = request.exchange().query("as").orElse("json");
    String focus = request.exchange().query("focus").orElse("1.3");
    PlanForm form = mending("as", () -> PlanForm.of(as));
    PlanFocus.Version version = mending("focus", () -> PlanFocus.Version.of(focus));
    PlanJobs.Solved solved = jobs.solved(id(request));
    Map<String, byte[]> files = form.files(solved.plan(), solved.file(), version, solved.digest());
    String wanted = request.exchange().query("file").orElse(files.keySet().iterator().next());
    byte[] file = files.get(wanted);
    if (file == null) {
      throw RefusedException.invalid(
          "file",
          "There is no such file; there are %s.".formatted(String.join(", ", files.keySet())));
    }
    return AdminAnswer.file(form.type(wanted), file);
  }

  private static <T> T mending(String field, Supplier<T> work) {
    try {
      return work.get();
    } catch (PlannerException e) {
      throw RefusedException.invalid(field, e.sentence());
    }
  }
}
