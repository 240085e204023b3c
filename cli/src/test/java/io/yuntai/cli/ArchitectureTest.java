package io.yuntai.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The floors, as the root pom lists them: what stands on what. */
class ArchitectureTest {
  private static final List<String> FLOORS =
      List.of("engine", "models", "dialect", "ledger", "planner", "server", "console", "cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.yuntai");

  @Test
  void arrowsPointDownOnly() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      String[] above =
          FLOORS.stream()
              .skip(floor + 1L)
              .map(name -> "io.yuntai." + name + "..")
              .toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("io.yuntai." + FLOORS.get(floor) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .check(CLASSES);
      }
    }
  }

  @Test
  void theEngineStandsOnTheJdkAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.yuntai.engine..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.yuntai.engine..", "java..", "jdk..", "com.sun.management..", "org.jspecify..", "")
        .check(CLASSES);
  }

  @Test
  void theEngineDoesNotKnowThatItIsMeasured() {
    noClasses()
        .that()
        .resideInAPackage("io.yuntai.engine..")
        .and()
        .resideOutsideOfPackage("io.yuntai.engine.measure..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.yuntai.engine.measure..")
        .check(CLASSES);
  }

  @Test
  void libraryFloorsStandOnThemselves() {
    for (String floor : List.of("models", "dialect", "ledger", "planner")) {
      String[] others =
          FLOORS.stream()
              .filter(name -> !name.equals(floor))
              .map(name -> "io.yuntai." + name + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("io.yuntai." + floor + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(CLASSES);
    }
  }

  @Test
  void dialectsKnowNeitherSocketsNorSql() {
    noClasses()
        .that()
        .resideInAPackage("io.yuntai.dialect..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net..", "java.nio.channels..", "java.sql..", "javax.sql..", "org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void onlyOnePackageKnowsJetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.yuntai.server.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void onlyTheLedgerKnowsSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.yuntai.ledger..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.postgresql..", "org.jdbi..", "com.zaxxer..")
        .check(CLASSES);
  }

  /** Money is counted in integers: nothing there has a floating-point number, or calls for one. */
  @Test
  void noFloatingPointNumberComesNearMoney() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.yuntai.ledger.money..",
            "io.yuntai.ledger.prices..",
            "io.yuntai.ledger.invoices..",
            "io.yuntai.ledger.accounts..",
            "io.yuntai.ledger.revenue..",
            "io.yuntai.ledger.documents..",
            "io.yuntai.ledger.bank..",
            "io.yuntai.ledger.chain..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(double.class, float.class, Double.class, Float.class)
        .orShould(CALL_FOR_A_FLOATING_POINT_NUMBER)
        .check(CLASSES);
  }

  private static final ArchCondition<JavaClass> CALL_FOR_A_FLOATING_POINT_NUMBER =
      new ArchCondition<>("call a method that gives a floating-point number") {
        @Override
        public void check(JavaClass from, ConditionEvents events) {
          from.getMethodCallsFromSelf().stream()
              .filter(call ->
                  call.getTarget().getRawReturnType().isEquivalentTo(double.class)
                      || call.getTarget().getRawReturnType().isEquivalentTo(float.class))
              .forEach(
                  call -> events.add(SimpleConditionEvent.satisfied(call, call.getDescription())));
        }
      };

  @Test
  void packagesOfTheUpperFloorsHaveNoCycles() {
    for (String floor : List.of("models", "dialect", "ledger", "planner", "server", "cli")) {
      slices().matching("io.yuntai." + floor + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }
  }
}
