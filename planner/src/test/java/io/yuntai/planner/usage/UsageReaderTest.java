package io.yuntai.planner.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageReaderTest {
  private static final String HOURS =
      """
      hour,model,region,class,requests,input,cached,output,refused
      2026-11-02T15:00:00Z,qwen,cn,standard,10,1000,500,200,0
      2026-11-02T16:00:00Z,qwen,cn,standard,10,1000,500,200,5
      2026-11-02T17:00:00Z,qwen,cn,standard,0,0,0,0,4
      2026-11-02T16:00:00Z,"a ""model"", large",eu,batch,1,7,0,3,0
      """;

  @TempDir private Path folder = Path.of("");

  private static HourlyUsage read(String text) throws IOException {
    return UsageReader.read(new StringReader(text), "usage.csv");
  }

  @Test
  void refusedRequestsWereAskedForToo() throws IOException {
    HourlyUsage usage = read(HOURS);
    assertThat(usage.kinds()).hasSize(2);
    assertThat(usage.kinds().getFirst().model()).isEqualTo("a \"model\", large");
    assertThat(usage.offered(UsageMeasure.OUTPUT, kind -> kind.model().equals("qwen")).amounts())
        .containsExactly(200, 300, 80);
    assertThat(usage.offered(UsageMeasure.OUTPUT, _ -> true).amounts())
        .containsExactly(200, 303, 80);
    assertThat(usage.totals(_ -> true)).containsEntry(UsageMeasure.REFUSED, 9.0);
  }

  @Test
  void aKindOfWhichAllWasRefusedIsLikeTheOthers() throws IOException {
    HourlyUsage usage =
        read(
            """
            hour,model,class,requests,output,refused
            2026-11-02T15:00:00Z,qwen,rt,10,200,0
            2026-11-02T15:00:00Z,qwen,batch,0,0,3
            """);
    assertThat(usage.offered(UsageMeasure.OUTPUT, _ -> true).amounts()).containsExactly(260);
  }

  @Test
  void theLedgersExportIsRead() throws IOException {
    HourlyUsage usage =
        read(
            """
            request_id,at,project,user,key,model,class,input,cache_hit,cache_write,output,reasoning,amount,currency,status,entry\r
            0198c0de-0000-7000-8000-000000000001,2026-11-02T15:10:00.123456Z,p,u,k,qwen,standard,10,20,30,40,50,0.1,CNY,completed,1\r
            0198c0de-0000-7000-8000-000000000002,2026-11-02T16:59:59Z,,,,qwen,standard,1,0,0,2,0,0.1,CNY,failed,1\r
            """);
    assertThat(usage.hours()).isEqualTo(2);
    assertThat(usage.totals(_ -> true))
        .containsEntry(UsageMeasure.REQUESTS, 2.0)
        .containsEntry(UsageMeasure.INPUT, 41.0)
        .containsEntry(UsageMeasure.CACHED, 20.0)
        .containsEntry(UsageMeasure.OUTPUT, 92.0);
  }

  @Test
  void focusRowsAreRead() throws IOException {
    HourlyUsage usage =
        read(
            """
            ChargePeriodStart,ChargePeriodEnd,ServiceName,RegionId,SkuMeter,ConsumedQuantity,ConsumedUnit,BilledCost
            2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,Model Studio,cn-hz,Input tokens,2.5,Million Tokens,6.25
            2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,Model Studio,cn-hz,Output tokens,900,Thousand Tokens,9
            2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,Storage,cn-hz,Bytes,900,GB,9
            """);
    assertThat(usage.kinds()).hasSize(1);
    assertThat(usage.totals(_ -> true))
        .containsEntry(UsageMeasure.INPUT, 2.5e6)
        .containsEntry(UsageMeasure.OUTPUT, 9e5);
  }

  @ParameterizedTest
  @CsvSource({
    "requests, reqests, usage.csv:1: column 'reqests'",
    "hour, model, usage.csv:1: two columns",
    "'10,1000,500', '10,-1,500', usage.csv:2: column 'input': '-1' is no count",
    "'10,1000,500', '10,1e3 tokens,500', usage.csv:2: column 'input'",
    "'10,1000,500', '10,NaN,500', usage.csv:2: column 'input'",
    "2026-11-02T17:00:00Z, tomorrow, usage.csv:4: column 'hour'",
    "2026-11-02T17:00:00Z, 2126-11-02T17:00:00Z, are more than 87660 hours",
    "',0,0,0,0,4', ',0,0,4', usage.csv:4: 7 cells",
    "'large\"', 'large', usage.csv:5: a quote is not closed",
    "'hour,model', 'when,what', usage.csv:1: the heading"
  })
  void slipsAreNamedWithLineAndColumn(String right, String wrong, String message) {
    assertThatThrownBy(() -> read(HOURS.replaceFirst(java.util.regex.Pattern.quote(right), wrong)))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void endlessCellsAndEmptyFilesAreRefused() {
    assertThatThrownBy(() -> read("hour,output\n" + "9".repeat(100_000)))
        .hasMessageContaining("usage.csv:2: a cell of more than");
    assertThatThrownBy(() -> read("hour,output\n" + ",".repeat(100_000)))
        .hasMessageContaining("more than 512 cells");
    assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
    assertThatThrownBy(() -> read("hour,output\n")).hasMessageContaining("counts no requests");
  }

  @Test
  void damagedFilesAreRefusedInASentence() throws IOException {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      StringBuilder text = new StringBuilder(HOURS);
      for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
      }
      try {
        assertThat(read(text.toString()).hours()).isPositive();
      } catch (PlannerException e) {
        assertThat(e).hasMessageStartingWith("usage.csv");
      }
    }
    Path binary = Files.write(folder.resolve("x.csv"), new byte[] {'h', (byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> UsageReader.file(binary)).hasMessageContaining("not text in UTF-8");
  }

  /** A hundred megabytes that never exist as a whole; memory grows with hours, not with rows. */
  @Test
  void aHundredMegabytesAreReadAsAStream() throws IOException {
    long bytes = Long.getLong("yuntai.csv.bytes", 20_000_000);
    long before = used();
    HourlyUsage usage = UsageReader.read(new Endless(bytes), "large.csv");
    assertThat(usage.hours()).isEqualTo(24);
    assertThat(usage.totals(_ -> true).get(UsageMeasure.REQUESTS)).isGreaterThan(bytes / 100.0);
    assertThat(used() - before).isLessThan(32 << 20);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Rows of a day over and over. */
  private static final class Endless extends Reader {
    private final long size;
    private long given;
    private String row = "hour,model,region,class,requests,input,cached,output,refused\n";
    private int at;
    private int rows;

    private Endless(long size) {
      this.size = size;
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
      int filled = 0;
      while (filled < length) {
        if (at == row.length()) {
          if (given >= size) {
            return filled == 0 ? -1 : filled;
          }
          row =
              "2026-11-02T%02d:%02d:00Z,qwen3-32b,cn-hangzhou,standard,1,1234,567,89,0\n"
                  .formatted(rows % 24, rows % 60);
          rows++;
          at = 0;
        }
        int count = Math.min(length - filled, row.length() - at);
        row.getChars(at, at + count, buffer, offset + filled);
        at += count;
        filled += count;
        given += count;
      }
      return filled;
    }

    @Override
    public void close() {}
  }
}
