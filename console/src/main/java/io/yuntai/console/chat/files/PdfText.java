package io.yuntai.console.chat.files;

import io.yuntai.console.chat.files.FileText.Read;
import io.yuntai.console.chat.files.FileText.RefusedFileException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/** The text of a PDF, page by page. */
final class PdfText {
  private PdfText() {}

  static Read read(Path file) throws IOException, RefusedFileException {
    try (PDDocument document = Loader.loadPDF(file.toFile())) {
      int pages = document.getNumberOfPages();
      if (pages > FileText.MAX_PAGES) {
        throw new RefusedFileException("file_too_long");
      }
      StringBuilder text = new StringBuilder();
      PDFTextStripper stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      for (int page = 1; page <= pages; page++) {
        stripper.setStartPage(page);
        stripper.setEndPage(page);
        String of = stripper.getText(document).strip();
        if (!of.isEmpty()) {
          text.append("[page ").append(page).append("]\n").append(of).append("\n\n");
        }
        if (text.length() > FileText.MAX_CHARS) {
          throw new RefusedFileException("file_too_long");
        }
      }
      if (text.isEmpty()) {
        throw new RefusedFileException("file_no_text");
      }
      return new Read(pages, text.toString());
    } catch (InvalidPasswordException _) {
      throw new RefusedFileException("file_locked");
    }
  }
}
