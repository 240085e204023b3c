package io.yuntai.planner.exports;

import io.yuntai.planner.exports.Places.Place;
import io.yuntai.planner.exports.PlanTables.Table;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Sites on a map, a disc of the area of their open megawatts at the end: longitudes and latitudes
 * as they are, cut to where sites are. Land is Natural Earth's, which is in the public domain.
 */
final class SiteMap {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final int LEFT = 24;
  private static final int TOP = 58;
  private static final int FOOT = 40;
  private static final double MARGIN_DEGREES = 8;
  private static final double LEAST_DEGREES = 30;
  private static final double MOST_RADIUS = 22;
  private static final double LEAST_RADIUS = 3;
  private static final int LABEL = 13;

  private final Plan plan;
  private final PlanInputs inputs;
  private final Places places;
  private final List<Spot> spots = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private double west = 180;
  private double east = -180;
  private double south = 90;
  private double north = -90;

  private record Spot(Site site, Place place, double open, double used) {}

  SiteMap(Plan plan, Places places) {
    this.plan = plan;
    this.inputs = plan.inputs();
    this.places = places;
    PlanSums sums = new PlanSums(inputs, plan.decisions(), inputs.scenarios().getFirst().name());
    int end = sums.length() - 1;
    for (Site site : inputs.sites()) {
      Place place = places.of(site.name());
      if (place == null) {
        unknown.add(site.name());
      } else {
        spots.add(new Spot(site, place, sums.openMegawatts(site)[end], used(sums, site, end)));
        west = Math.min(west, place.longitude());
        east = Math.max(east, place.longitude());
        south = Math.min(south, place.latitude());
        north = Math.max(north, place.latitude());
      }
    }
    frame();
  }

  private double used(PlanSums sums, Site site, int t) {
    double used = 0;
    for (var one : sums.stock().entrySet()) {
      if (one.getKey().site().equals(site.name())) {
        used += one.getValue()[t] * inputs.chip(one.getKey().chip()).kilowatts() / 1000;
      }
    }
    return used;
  }

  /** Room round the sites, in the shape of the picture. */
  private void frame() {
    if (spots.isEmpty()) {
      west = -170;
      east = 190;
      south = -60;
      north = 80;
    }
    double high = Math.max(LEAST_DEGREES, north - south + 2 * MARGIN_DEGREES);
    double wide = Math.max(LEAST_DEGREES, east - west + 2 * MARGIN_DEGREES);
    double shape = (double) (WIDTH - 2 * LEFT) / (HEIGHT - TOP - FOOT);
    high = Math.max(high, wide / shape);
    wide = high * shape;
    double middle = (west + east) / 2;
    west = middle - wide / 2;
    east = middle + wide / 2;
    middle = (south + north) / 2;
    south = middle - high / 2;
    north = middle + high / 2;
  }

  private double x(double longitude) {
    return LEFT + (longitude - west) / (east - west) * (WIDTH - 2 * LEFT);
  }

  private double y(double latitude) {
    return TOP + (north - latitude) / (north - south) * (HEIGHT - TOP - FOOT);
  }

  Table table() {
    List<List<Object>> rows = new ArrayList<>();
    PlanSums sums = new PlanSums(inputs, plan.decisions(), inputs.scenarios().getFirst().name());
    int end = sums.length() - 1;
    for (Site site : inputs.sites()) {
      Place place = places.of(site.name());
      rows.add(
          List.of(
              site.name(),
              place == null ? "" : place.latitude(),
              place == null ? "" : place.longitude(),
              inputs.horizon().label(end),
              sums.openMegawatts(site)[end],
              used(sums, site, end)));
    }
    return new Table(
        List.of("site", "latitude", "longitude", "quarter", "open_mw", "used_mw"), rows);
  }

  String svg() {
    int end = inputs.horizon().length() - 1;
    Drawing drawing =
        new Drawing(
            "Sites",
            "open MW in %s by area; land: Natural Earth".formatted(inputs.horizon().label(end)),
            WIDTH,
            HEIGHT,
            LEFT);
    drawing.clip(LEFT, TOP, WIDTH - 2 * LEFT, HEIGHT - TOP - FOOT);
    for (double[] ring : Places.land()) {
      for (int turn = -360; turn <= 360; turn += 360) {
        land(drawing, ring, turn);
      }
    }
    drawing.endClip();
    double most = spots.stream().mapToDouble(Spot::open).max().orElse(1);
    StringJoiner told = new StringJoiner(" ");
    List<double[]> labels = new ArrayList<>();
    for (Spot spot : spots) {
      double radius =
          Math.max(LEAST_RADIUS, MOST_RADIUS * Math.sqrt(spot.open / Math.max(most, 1e-9)));
      String name = "%s, %s MW".formatted(spot.site.name(), Drawing.amount(spot.open));
      double x = x(spot.place.longitude());
      double y = y(spot.place.latitude());
      drawing.disc(x, y, radius, 0, name);
      label(drawing, labels, x, y, radius, name);
      told.add(
          "%s at %s, %s: %s MW open, %s MW used."
              .formatted(
                  spot.site.name(),
                  spot.place.latitude(),
                  spot.place.longitude(),
                  Drawing.amount(spot.open),
                  Drawing.amount(spot.used)));
    }
    if (!unknown.isEmpty()) {
      String rest = "Not on the map, for want of a place: " + String.join(", ", unknown) + ".";
      drawing.text(LEFT, HEIGHT - 14, "start", "soft", rest);
      told.add(rest);
    }
    return drawing.end(told.toString());
  }

  /** Beside its disc, moved down until it covers no other. */
  private void label(
      Drawing drawing, List<double[]> labels, double x, double y, double radius, String name) {
    double width = 6.6 * name.length();
    boolean right = x + radius + 6 + width < WIDTH - LEFT;
    double from = right ? x + radius + 6 : x - radius - 6 - width;
    double at = y + 4;
    for (boolean moved = true; moved; ) {
      moved = false;
      for (double[] one : labels) {
        if (Math.abs(one[2] - at) < LABEL && from < one[1] && from + width > one[0]) {
          at = one[2] + LABEL;
          moved = true;
        }
      }
    }
    labels.add(new double[] {from, from + width, at});
    drawing.text(from, at, "start", "ink", name);
  }

  private void land(Drawing drawing, double[] ring, int turn) {
    StringBuilder points = new StringBuilder();
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    for (int i = 0; i + 1 < ring.length; i += 2) {
      left = Math.min(left, ring[i] + turn);
      right = Math.max(right, ring[i] + turn);
      points.append("%s,%s ".formatted(Drawing.n(x(ring[i] + turn)), Drawing.n(y(ring[i + 1]))));
    }
    boolean seen = left < east && right > west;
    if (seen) {
      drawing.land(points.toString().strip());
    }
  }
}
