package io.yuntai.console.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.console.chat.files.FileReading;
import io.yuntai.console.chat.files.FileReading.ReadFile;
import io.yuntai.dialect.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that people attach, good and bad. */
class FileReadingTest {
  @TempDir Path folder;
  private final FileReading reading = new FileReading();

  private ReadFile read(String name, byte[] content) throws Exception {
    Path file = Files.createTempFile(folder, "upload", "");
    Files.write(file, content);
    return reading.read(name, file);
  }

  private void refused(String code, String name, byte[] content) {
    assertThatThrownBy(() -> read(name, content))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> {
              assertThat(refusal.error().code()).contains(code);
              assertThat(refusal.error().message()).startsWith("'").endsWith(".");
            });
  }

  private static byte[] pdf(int pages) throws IOException {
    try (PDDocument document = new PDDocument()) {
      for (int i = 1; i <= pages; i++) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
          content.newLineAtOffset(50, 700);
          content.showText("Figures of page " + i);
          content.endText();
        }
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  private static byte[] docx(String body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("word/document.xml"));
      zip.write(
          ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"urn:w\"><w:body>"
                  + body
                  + "</w:body></w:document>")
              .getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void readsTextsWhateverTheirBytesMean() throws Exception {
    assertThat(read("a.txt", "hé\n云".getBytes(StandardCharsets.UTF_8)).text()).isEqualTo("hé\n云");
    assertThat(read("a.md", "\uFEFF# x".getBytes(StandardCharsets.UTF_16LE)).text())
        .isEqualTo("# x");
    assertThat(read("../b.csv", "名,值\n".getBytes(Charset.forName("GB18030"))))
        .isEqualTo(new ReadFile(".._b.csv", "csv", 0, "名,值\n"));
  }

  @Test
  void readsTheTextOfPdfAndDocx() throws Exception {
    ReadFile pdf = read("r.pdf", pdf(2));
    assertThat(pdf.pages()).isEqualTo(2);
    assertThat(pdf.text()).contains("[page 1]\nFigures of page 1").contains("Figures of page 2");
    String body =
        "<w:p><w:r><w:t>Hello &amp; </w:t></w:r><w:r><w:t>welcome</w:t></w:r></w:p>"
            + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
            + "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    assertThat(read("d.docx", docx(body)).text()).isEqualTo("Hello & welcome\na \tb \t\n");
  }

  @Test
  void refusesInWordsWhatItCannotRead() throws Exception {
    refused("file_kind", "a.exe", new byte[] {1});
    refused("file_damaged", "a.txt", new byte[] {1, 0, 2});
    refused("file_no_text", "a.txt", " \n".getBytes(StandardCharsets.UTF_8));
    refused("file_too_long", "a.txt", "x".repeat(500_000).getBytes(StandardCharsets.UTF_8));
    refused("file_damaged", "a.pdf", "no pdf".getBytes(StandardCharsets.UTF_8));
    refused("file_damaged", "a.docx", "no zip".getBytes(StandardCharsets.UTF_8));
    refused("file_no_text", "a.docx", docx("<w:p/>"));
    refused("file_damaged", "a.docx", docx("<w:p><w:t>unclosed"));
    refused("file_too_long", "a.docx", docx("<w:p><w:t>" + "x ".repeat(300_000) + "</w:t></w:p>"));
    refused("file_damaged", "bomb.docx", docx("<w:x/>" + " ".repeat(70 << 20)));
  }

  @Test
  void damageCostsNothingButASentence() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, byte[]> good =
        Map.of("a.pdf", pdf(1), "a.docx", docx("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>"));
    for (int round = 0; round < 4; round++) {
      for (Map.Entry<String, byte[]> file : good.entrySet()) {
        byte[] bad = file.getValue().clone();
        for (int i = 0; i < 10; i++) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        try {
          assertThat(read(file.getKey(), bad).text()).as("seed %d", seed).isNotBlank();
        } catch (ApiException refusal) {
          assertThat(refusal.error().status()).as("seed %d", seed).isEqualTo(400);
        }
      }
    }
  }
}
