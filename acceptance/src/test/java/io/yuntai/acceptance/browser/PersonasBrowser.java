package io.yuntai.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.yuntai.acceptance.RealModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each kind of person does what they come for, and meets only what is theirs: every page of their
 * menu opens and is accessible, every other one says that it is not for them.
 */
@ExtendWith(Console.Shared.class)
class PersonasBrowser {
  private static final String TENANT = "personas";
  private static final List<String> PAGES =
      List.of("now", "chat", "models", "money", "develop", "requests", "tenants", "settings");

  /** What somebody came for. */
  private interface Errand {
    void on(Page page, Look look) throws Exception;
  }

  /**
   * A kind of person.
   *
   * @param role in the tenant; empty for whoever runs the server
   * @param closed pages that are not for them
   */
  private record Persona(String name, String role, List<String> closed, Errand errand) {}

  private static final List<Persona> ALL =
      List.of(
          new Persona("operator", "", List.of(), PersonasBrowser::operates),
          new Persona("admin", "admin", List.of(), PersonasBrowser::administers),
          new Persona("developer", "developer", List.of(), PersonasBrowser::develops),
          new Persona(
              "user",
              "user",
              List.of("now", "models", "money", "develop", "requests", "tenants"),
              (page, _) -> chats(page)),
          new Persona("billing", "billing", List.of(), (page, _) -> budgets(page)),
          new Persona("auditor", "auditor", List.of("chat"), (page, _) -> audits(page)));

  /** Two looks that share nothing, or all eight where {@code yuntai.looks} says "all". */
  private static List<Look> looks() {
    return System.getProperty("yuntai.looks", "").equals("all")
        ? Look.all()
        : List.of(Look.PLAIN, new Look(Look.Theme.DARK, "zh", 360));
  }

  @TestFactory
  Stream<DynamicTest> eachPersonInEachLook(Console console) throws Exception {
    console.operator(Look.PLAIN).close();
    console.yuntai().result("tenants", "create", TENANT, "--currency", "CNY");
    List<DynamicTest> tests = new ArrayList<>();
    for (Persona persona : ALL) {
      for (Look look : looks()) {
        tests.add(dynamicTest(persona.name() + " " + look, () -> visit(console, persona, look)));
      }
    }
    return tests.stream();
  }

  private static void visit(Console console, Persona persona, Look look) throws Exception {
    try (BrowserContext window =
        persona.role().isEmpty()
            ? console.operator(look)
            : console.member(TENANT, persona.role(), look)) {
      Page page = window.newPage();
      Watched watched = Watched.watch(page);
      List<String> problems = new ArrayList<>();
      for (String name : PAGES) {
        Response answer = page.navigate("/console/" + name);
        boolean closed = persona.closed().contains(name);
        if (answer.status() != (closed ? 403 : 200)) {
          problems.add(name + " answers " + answer.status());
        }
        boolean listed = page.locator("nav a[href='/console/" + name + "']").count() > 0;
        if (listed == closed) {
          problems.add(name + (listed ? " is" : " is not") + " in the menu");
        }
        Axe.violations(page).forEach(violation -> problems.add(name + ": " + violation));
      }
      assertThat(problems).isEmpty();
      persona.errand().on(page, look);
      Chromium.picture(page, "persona-" + persona.name() + "-" + look);
      // What is closed is an answer 403, which browsers note.
      assertThat(watched.complaints().stream().filter(all -> !all.contains("403"))).isEmpty();
    }
  }

  private static void operates(Page page, Look look) {
    page.navigate("/console/tenants");
    String name = "made-" + look;
    page.locator("[data-dialog]").first().click();
    Locator form = page.locator("dialog[open]");
    form.locator("input[name=name]").fill(name);
    form.locator("button.main").click();
    assertThat(page.locator("main")).containsText(name);
    page.navigate("/console/now");
    assertThat(page.locator(".figures-row .figure")).hasCount(4);
    page.navigate("/console/models");
    assertThat(page.locator("main")).containsText(RealModels.SMOLLM2);
  }

  private static void administers(Page page, Look look) {
    page.navigate("/console/tenants/" + TENANT);
    String email = "guest-" + look + "@personas.example";
    page.locator("[data-dialog]").first().click();
    Locator form = page.locator("dialog[open]");
    form.locator("input[name=email]").fill(email);
    form.locator("select[name=role]").selectOption("user");
    form.locator("button.main").click();
    assertThat(page.locator("main")).containsText(email);
  }

  private static void develops(Page page, Look look) {
    page.navigate("/console/develop");
    page.locator("[data-dialog=new-key]").click();
    page.locator("#new-key input[name=name]").fill("made-" + look);
    page.locator("#new-key button.main").click();
    assertThat(page.locator("#made-key")).containsText("yt-");
    page.navigate("/console/develop?api=openai&language=python&model=" + RealModels.SMOLLM2);
    page.locator("[data-run]").click();
    assertThat(page.locator("y-run [data-state]")).containsText("→");
  }

  private static void chats(Page page) {
    ChatPage chat = ChatPage.open(page).with(Map.of("max", "30", "temperature", "0"));
    chat.ask("What is a river?");
    chat.awaitThread();
    chat.awaitLast("complete");
    assertThat(chat.text()).isNotBlank();
    assertThat(Axe.violations(page)).isEmpty();
  }

  private static void budgets(Page page) {
    page.navigate("/console/tenants/" + TENANT + "/budgets");
    page.locator("[data-dialog]").first().click();
    Locator form = page.locator("dialog[open]");
    form.locator("input[name=amount]").fill("1000000");
    form.locator("button.main").click();
    assertThat(page.locator("main table")).containsText("000,000");
    page.navigate("/console/money");
    assertThat(page.locator("main")).containsText("CNY");
  }

  private static void audits(Page page) {
    page.navigate("/console/money/proof");
    assertThat(page.locator("main")).containsText("counters-within-limits");
    page.navigate("/console/requests");
    assertThat(page.locator("main form.filters")).isVisible();
  }
}
