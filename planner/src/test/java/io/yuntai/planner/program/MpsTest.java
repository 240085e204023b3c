package io.yuntai.planner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MpsTest {
  @Test
  void whatIsWrittenIsReadBackToTheLastBit() {
    for (long seed = 0; seed < 200; seed++) {
      LinearProgram program = RandomPrograms.of(seed, 12, 15, seed % 2 == 0);
      LinearProgram back = MpsReader.read(MpsWriter.write(program, "random"));
      assertThat(back.cost()).as("seed %d", seed).isEqualTo(program.cost());
      assertThat(back.lower()).isEqualTo(program.lower());
      assertThat(back.upper()).isEqualTo(program.upper());
      assertThat(back.whole()).isEqualTo(program.whole());
      assertThat(back.starts()).isEqualTo(program.starts());
      assertThat(back.rows()).isEqualTo(program.rows());
      assertThat(back.values()).isEqualTo(program.values());
      assertThat(back.rowLower()).isEqualTo(program.rowLower());
      assertThat(back.rowUpper()).isEqualTo(program.rowUpper());
    }
  }

  @Test
  void aLineThatIsWrongIsNamed() {
    assertThatThrownBy(() -> MpsReader.read("ROWS\n N COST\n L R0\nCOLUMNS\n C0 R1 5\nENDATA\n"))
        .isInstanceOf(PlannerException.class)
        .hasMessage("Line 5 of the MPS file: 'R1' is not known.");
    assertThatThrownBy(() -> MpsReader.read("ROWS\n N COST\n")).hasMessageContaining("no ENDATA");
    assertThatThrownBy(() -> MpsReader.read("ROWS\n N COST\n L R0\nCOLUMNS\n C0 R0 five\nENDATA"))
        .hasMessageContaining("Line 5")
        .hasMessageContaining("'five' is no number");
  }

  @Test
  void damagedFilesGiveASentence() {
    long seed = Long.getLong("yuntai.seed", 20261123);
    SplittableRandom random = new SplittableRandom(seed);
    String good = MpsWriter.write(RandomPrograms.of(3, 8, 8, true), "good");
    for (int i = 0; i < 2000; i++) {
      StringBuilder bad = new StringBuilder(good);
      for (int k = 0; k <= random.nextInt(4); k++) {
        int at = random.nextInt(bad.length());
        switch (random.nextInt(3)) {
          case 0 -> bad.deleteCharAt(at);
          case 1 -> bad.setCharAt(at, (char) (32 + random.nextInt(90)));
          default -> bad.setLength(Math.max(1, at));
        }
      }
      try {
        MpsReader.read(bad.toString());
      } catch (PlannerException e) {
        assertThat(e.sentence()).as("seed %d", seed).startsWith("Line ");
      }
    }
  }
}
