package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Table;
import io.yuntai.planner.exports.RentOrBuyChart;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.finance.OwnServer;
import io.yuntai.planner.finance.TokenPrice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code yuntai plan rent-or-buy}. */
@Command(
    name = "rent-or-buy",
    description = {
      "Say from which use on a server of one's own is cheaper than renting its accelerators by the",
      "hour, and from how many tokens a day on it is cheaper than an API. All numbers are facts that",
      "--set and --facts replace: server, hall, capital, rent, api, fx."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan rent-or-buy",
      "  yuntai plan rent-or-buy --use 40 --chart rent-or-buy.svg",
      "  yuntai plan rent-or-buy --use 40 --input-per-output 3 --cached 50",
      "  yuntai plan rent-or-buy --set 'server.price=240000 USD/server' --set 'rent.accelerator-hour=2 USD/accelerator/h'"
    })
final class RentOrBuyCommand extends PlanVerb<RentOrBuyCommand.Answer> {
  private static final int DAYS = 365;

  @Option(
      names = "--use",
      paramLabel = "PERCENT",
      description = "Of all hours, those in which you have work for it (default: 50).")
  private double usePercent = 50;

  @Option(
      names = "--input-per-output",
      paramLabel = "N",
      description = "Tokens read for each written (default: 8).")
  private double inputPerOutput = 8;

  @Option(
      names = "--cached",
      paramLabel = "PERCENT",
      description = "Of those read, found in a cache (default: 0).")
  private double cachedPercent;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description =
          "Write the cost of an hour by use as a picture (SVG), and its table beside it (CSV).")
  private @Nullable Path chart;

  RentOrBuyCommand(CliContext context) {
    super(context);
  }

  /** Money is in dollars, but what the API takes. */
  record Answer(
      OwnServer server, double rent, double breakEvenUse, double yuanPerDay, double tokensPerDay) {}

  @Override
  Answer answer(Facts known) {
    OwnServer server =
        new OwnServer(
            known.get("server.price").in("USD/server"),
            (int) Math.round(known.get("server.accelerators").in("accelerator/server")),
            known.get("server.power").in("kW/server"),
            known.get("hall.price").in("USD/kW/month"),
            known.get("capital.years").in("year"),
            known.get("capital.interest").in("1"),
            known.get("capital.residual").in("1"),
            known.get("capital.upkeep").in("1/year"));
    double rent = known.get("rent.accelerator-hour").in("USD/accelerator/h");
    TokenPrice api =
        new TokenPrice(
            known.get("api.input").in("CNY/million token"),
            known.get("api.cached").in("CNY/million token"),
            known.get("api.output").in("CNY/million token"));
    Path picture = chart;
    if (picture != null) {
      PlanFiles.write(
          picture,
          RentOrBuyChart.svg(server, rent, usePercent / 100).getBytes(StandardCharsets.UTF_8));
      PlanFiles.write(
          PlanFiles.beside(picture, ".csv"),
          RentOrBuyChart.table(server, rent).csv().getBytes(StandardCharsets.UTF_8));
    }
    double yuanPerDay = server.costPerYear() / DAYS * known.get("fx.cny-per-usd").in("CNY/USD");
    return new Answer(
        server,
        rent,
        server.breakEvenUse(rent),
        yuanPerDay,
        api.outputTokensFor(yuanPerDay, inputPerOutput, cachedPercent / 100));
  }

  @Override
  Map<String, Object> fields(Answer answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cost_per_year_usd", answer.server().costPerYear());
    fields.put("capital_per_year_usd", answer.server().capitalPerYear());
    fields.put("hall_per_year_usd", answer.server().hallPerYear());
    fields.put("upkeep_per_year_usd", answer.server().upkeepPerYear());
    fields.put("cost_per_accelerator_hour_usd", answer.server().costPerAcceleratorHour());
    fields.put("rent_per_accelerator_hour_usd", answer.rent());
    fields.put("break_even_use", answer.breakEvenUse());
    fields.put("cost_per_day_cny", answer.yuanPerDay());
    fields.put("break_even_output_tokens_per_day", answer.tokensPerDay());
    return fields;
  }

  @Override
  void print(Answer answer) {
    boolean buy = usePercent / 100 > answer.breakEvenUse();
    context
        .screen()
        .result(
            context.text(
                answer.breakEvenUse() > 1
                    ? "plan.rent.never"
                    : buy ? "plan.rent.buy" : "plan.rent.rent",
                Numbers.percent(answer.breakEvenUse()),
                Numbers.plain(usePercent)));
    context
        .screen()
        .result(context.text("plan.rent.api", Numbers.grouped(answer.tokensPerDay() / 1e6, 1)));
    context.screen().result("");
    Table table = new Table(context.screen(), context.text("plan.rent.heading"), "USD");
    table.alignRight(1);
    OwnServer server = answer.server();
    table.row(context.text("plan.rent.capital"), Numbers.grouped(server.capitalPerYear(), 0));
    table.row(context.text("plan.rent.hall"), Numbers.grouped(server.hallPerYear(), 0));
    table.row(context.text("plan.rent.upkeep"), Numbers.grouped(server.upkeepPerYear(), 0));
    table.row(context.text("plan.rent.total"), Numbers.grouped(server.costPerYear(), 0));
    table.row(
        context.text("plan.rent.own-hour"), Numbers.grouped(server.costPerAcceleratorHour(), 3));
    table.row(context.text("plan.rent.rented-hour"), Numbers.grouped(answer.rent(), 3));
    table.print();
  }
}
