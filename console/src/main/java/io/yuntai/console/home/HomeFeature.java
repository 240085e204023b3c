package io.yuntai.console.home;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Ui;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.server.console.Console;
import java.util.List;

/** {@code /console}: the first page of the navigation that its reader may open. */
public final class HomeFeature implements Feature {
  @Override
  public List<Page> pages() {
    return List.of(new Home());
  }

  private static final class Home implements Page {
    @Override
    public String path() {
      return Console.LANDING;
    }

    @Override
    public Audience audience() {
      return Audience.PERSON;
    }

    @Override
    public View show(Visit visit) {
      List<Ui.Entry> entries = visit.ui().navigation();
      return entries.isEmpty()
          ? View.html("shell/empty.jte", visit)
          : View.redirect(entries.getFirst().path());
    }
  }
}
